// A card, large: its pictures, its code, and every number with what it means.

import { mark } from "../ui/choices.js";
import { make } from "../ui/elements.js";
import { meanings } from "../ui/hints.js";
import { late } from "../ui/late.js";
import { decibels, squares } from "../ui/numbers.js";
import { paintGrey } from "../ui/pixels.js";
import { codeBlock } from "../ui/source.js";
import { paintPictures } from "./card.js";

const graph = late(() => import("../graph/fold.js"));

export async function enlarger(dialog) {
  const terms = await meanings();
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // a click beside it
  });

  return ({ facts, view }) => {
    dialog.replaceChildren(content(facts, view, terms, () => dialog.close()));
    dialog.style.setProperty("--model", facts.colour);
    dialog.showModal();
    paintPictures(dialog, facts, view);
    if (view) paintGrey(dialog.querySelector("[data-picture=noisy]"), view.noisy, view.side);
  };
}

function content(facts, view, terms, close) {
  const title = make("h2", { id: "enlarged-title" }, mark(facts), facts.label);
  const button = make("button", { type: "button", className: "plain" }, "Close");
  button.addEventListener("click", close);
  return make(
    "div",
    { className: "sheet" },
    make("header", {}, title, button),
    make("p", { className: "sentence" }, facts.sentence),
    make("div", { className: "pictures" }, ...["noisy", "reconstruction", "difference"].map(picture)),
    make("canvas", { className: "bars", role: "img", ariaLabel: `Code, ${facts.code} numbers` }),
    make("p", { className: "caption" }, terms[facts.samples ? "cloud" : "code"]),
    make("dl", {}, ...numbers(facts, view).map(([term, label, value]) => row(label, value, terms[term]))),
    make("p", { className: "caption" }, terms.command, " ", make("code", {}, facts.command)),
    ...(facts.samples ? [lossFold(facts)] : []),
    codeBlock(facts.source),
  );
}

function picture(name) {
  const canvas = make("canvas", { className: "pixels" });
  canvas.dataset.picture = name;
  canvas.setAttribute("role", "img");
  const caption = name === "noisy" ? "what the model sees" : name;
  canvas.setAttribute("aria-label", caption);
  return make("figure", {}, canvas, make("figcaption", {}, caption));
}

function numbers(facts, view) {
  const rows = [
    ["psnr", "PSNR", view ? decibels(view.psnr) : "–"],
    ["mse", "MSE", view ? squares(view.mse) : "–"],
    ["numbers", "Code", `${facts.code} numbers`],
    ["compression", "Ratio", `${facts.ratio.toFixed(1)} : 1`],
  ];
  if (facts.sparse && view) rows.push(["active", "Active", `${(100 * view.active).toFixed(1)} %`]);
  rows.push(["parameters", "Weights", facts.parameters.toLocaleString("en-GB")]);
  return rows;
}

function row(label, value, meaning) {
  return make("div", {}, make("dt", {}, label), make("dd", {}, value), make("dd", { className: "meaning" }, meaning ?? ""));
}

// The graph of a variational model; its scripts are loaded when it is asked for.
function lossFold(facts) {
  const inside = make("div", {});
  const fold = make("details", { className: "source" }, make("summary", {}, "From picture to loss"), inside);
  fold.addEventListener("toggle", async () => {
    if (!fold.open || inside.childElementCount) return;
    try {
      const { fill } = await graph();
      await fill(inside, facts);
    } catch (error) {
      inside.textContent = error.message;
    }
  });
  return fold;
}
