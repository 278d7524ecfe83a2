// `?embed=map`, or `?embed=learn/06`: one tab, or the figure of one chapter, without the page's furniture.

import { fact } from "../state/models.js";
import { make } from "../ui/elements.js";
import { keysNotice } from "./frame.js";

// `wanted` is what the address asks for; `open` opens a link, and `complain` shows sentences.
export async function embed(wanted, open, complain, signal) {
  const [tab, chapter] = wanted.split("/");
  document.documentElement.dataset.embed = tab === "learn" && chapter ? "figure" : "tab";
  const foot = make("footer", { className: "embed-foot" }, whole(signal));
  document.querySelector("#stage").append(foot);
  keysNotice(foot, signal);
  if (location.hash.includes("=")) return; // which says more
  try {
    open(chapter ? `tab=learn&chapter=${await nameOf(chapter)}` : `tab=${encodeURIComponent(tab)}`);
  } catch (error) {
    complain([error.message]);
  }
}

// Chapters have numbers for those who write an address by hand.
async function nameOf(chapter) {
  const { chapters } = await (await fact("lesson")).json();
  const found = chapters.find(({ name }, i) => name === chapter || i + 1 === Number(chapter));
  if (!found) throw new Error(`There is no chapter “${chapter.slice(0, 32)}”: they go from 1 to ${chapters.length}.`);
  return found.name;
}

// A link to the page with all of its furniture, as it stands when it is followed.
function whole(signal) {
  const link = make("a", { target: "_blank", rel: "noopener" }, "Open the whole playground");
  const write = () => {
    const query = new URLSearchParams(location.search);
    query.delete("embed");
    link.href = `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`;
  };
  for (const name of ["pointerdown", "focus"]) link.addEventListener(name, write, { signal });
  write();
  return link;
}
