// How a visitor brings pictures: a zip file, or a folder of the machine that the page runs on.

import { make } from "../../ui/elements.js";
import { size } from "../../ui/numbers.js";
import { lookAt, send } from "../server.js";

const WAYS = [["folder", "photographs"], ["drawings", "drawings on paper"]];
const EXPLAINED = {
  folder: "The middle square of each, in grey, 28 by 28 pixels. Light stays light and dark stays dark; transparent parts are white.",
  drawings: "The ink of each is cut out and made white on black, as of what you draw on this page. For digits on white paper.",
};
const BOTH = "12 to 20,000 PNG, JPEG, GIF, WebP or BMP files. Folders in it are classes.";

export class Bring {
  // `take` hears of a data set that has been read, and of { progress }, { words } and { wrong } on the way.
  constructor(offer, take, tell) {
    Object.assign(this, { offer, take, tell });
    this.way = make("select", { ariaLabel: "Read them as" }, ...WAYS.map(([value, words]) => new Option(words, value)));
    this.meaning = make("p", { className: "fact" });
    this.file = make("input", { type: "file", accept: ".zip,application/zip", hidden: true });
    this.choose = button("Choose a zip file…", () => this.file.click());
    this.path = make("input", { type: "text", ariaLabel: "Folder on this machine", placeholder: "/path/of/a/folder", spellcheck: false, autocomplete: "off" });
    this.read = button("Read", () => this.readFolder());
    const folder = make("div", { className: "folder", hidden: !offer.folders },
      make("span", {}, "or a folder on this machine"), this.path, this.read);
    this.element = make("div", { className: "bring", hidden: true },
      make("label", {}, "Read them as ", this.way), this.meaning, this.choose, this.file, folder);
    this.file.addEventListener("change", () => this.upload());
    this.way.addEventListener("change", () => this.explain());
    this.element.addEventListener("input", (event) => event.stopPropagation()); // no setting of the run
    this.path.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // which would start a run
      this.readFolder();
    });
    this.explain();
  }

  explain() {
    this.meaning.textContent = `${EXPLAINED[this.way.value]} ${BOTH}`;
  }

  async upload() {
    const [file] = this.file.files;
    if (!file) return;
    const most = this.offer.bytes;
    if (file.size > most) {
      this.file.value = "";
      this.tell({ wrong: `${file.name} has ${size(file.size)}, and up to ${size(most)} can be read here. Make the pictures smaller first: 28 by 28 pixels of each are used.` });
      return;
    }
    await this.busy(async () => {
      this.tell({ words: `Sending ${file.name}.`, progress: 0 });
      const heard = (share) => this.tell(share < 1 ? { words: `Sending ${file.name}.`, progress: share } : { words: `Reading ${file.name}.`, progress: null });
      const { dataset, images } = await send("pictures", { way: this.way.value }, file, heard);
      this.take({ name: dataset, label: `yours: ${file.name}`, images });
    });
    this.file.value = "";
  }

  async readFolder() {
    const path = this.path.value.trim();
    await this.busy(async () => {
      this.tell({ words: "Reading the folder.", progress: null });
      const dataset = `${this.way.value}:${path}`;
      const { images } = await lookAt(dataset);
      this.take({ name: dataset, label: `yours: ${path.split(/[\\/]/).filter(Boolean).pop() ?? path}`, images });
    });
  }

  async busy(work) {
    this.choose.disabled = this.read.disabled = true;
    try {
      await work();
      this.element.hidden = true;
    } catch (error) {
      this.tell({ wrong: error.message });
    } finally {
      this.choose.disabled = this.read.disabled = false;
    }
  }
}

function button(words, act) {
  const element = make("button", { type: "button", className: "plain" }, words);
  element.addEventListener("click", act);
  return element;
}
