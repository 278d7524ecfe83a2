// A film as a file: which rows of it, in which format, how large.

import { ask, pack } from "../engine/wire.js";
import { dark } from "../ui/canvas.js";
import { download } from "../ui/elements.js";

const KINDS = [
  ["gif", "GIF", "image/gif", "Plays anywhere, in a loop"],
  ["webp", "WebP", "image/webp", "Plays in a loop; smaller and without loss"],
  ["png", "PNG strip", "image/png", "All frames side by side, to print"],
];

// A button that opens a small menu. `film` gives what is on show: { header, digits, rows }.
export function save(page, film) {
  const menu = make("div", { className: "save-menu", popover: "auto" });
  menu.setAttribute("role", "group");
  menu.setAttribute("aria-label", "Save the film");
  const button = make("button", { type: "button", className: "plain", popoverTargetElement: menu }, "Save…");
  menu.addEventListener("toggle", ({ newState }) => newState === "open" && open());
  const off = new Set(); // rows that the visitor left out
  let scale = 4;

  function open() {
    const { rows, digits } = film();
    const boxes = rows.map((facts) => {
      const box = make("input", { type: "checkbox", checked: !off.has(facts.name) });
      box.addEventListener("change", () => {
        if (box.checked) off.delete(facts.name);
        else off.add(facts.name);
        enable();
      });
      return make("label", { className: "tick" }, box, facts.label);
    });
    const sizes = [4, 8].map((size) => {
      const radio = make("input", { type: "radio", name: "walk-scale", checked: size === scale });
      radio.addEventListener("change", () => (scale = size));
      return make("label", { className: "tick" }, radio, `${28 * size} px a picture`);
    });
    const buttons = KINDS.map(([kind, label, type, title]) => {
      const each = make("button", { type: "button", className: "plain", title }, label);
      each.addEventListener("click", () => write(kind, type));
      return each;
    });
    const enable = () => {
      const nothing = !digits || rows.every(({ name }) => off.has(name));
      for (const each of buttons) each.disabled = nothing;
    };
    enable();
    menu.replaceChildren(
      make("div", {}, ...boxes),
      make("div", {}, ...sizes),
      make("div", { className: "kinds" }, ...buttons),
    );
    place();
  }

  function place() {
    const box = button.getBoundingClientRect();
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(box.right - width, innerWidth - width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(box.bottom + 4, innerHeight - height - 8))}px`;
  }

  async function write(kind, type) {
    menu.hidePopover();
    page.say("Writing the file.");
    const { header, digits, rows } = film();
    const wanted = rows.map(({ name }) => name).filter((name) => !off.has(name));
    try {
      const bytes = new Uint8Array(digits.flatMap((digit) => [...digit]));
      const body = pack({ ...header, kind, rows: wanted, scale, dark: dark() }, bytes);
      const reply = await ask("live/film", body);
      const file = await reply.arrayBuffer();
      download(file, `${header.tour ? "tour" : "walk"}-${header.path}.${kind}`, type);
      page.say("The file is written.");
    } catch (error) {
      page.say(error.message);
    }
  }

  const holder = document.createDocumentFragment();
  holder.append(button, menu);
  return holder;
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
