// What a static site says where only the app can go on.

import { fact, startsBy } from "../state/models.js";
import { Command } from "./command.js";
import { make } from "./elements.js";
import { late } from "./late.js";

/** @typedef {{ experiments: { key: string, name: string, sentence: string }[], texts: Record<string, string> }} OfApp */

/** @type {() => Promise<OfApp>} */
export const ofApp = late(async () => (await fact("app")).json());

// What the app would do about `subject`, a heading in text/app.md, and the command that starts it.
/** @type {(subject: string) => Promise<HTMLElement>} */
export async function inApp(subject) {
  const { texts } = await ofApp();
  const words = make("div", { className: "text" });
  words.innerHTML = texts[subject]; // our own text, as HTML
  const command = new Command("This starts the app on your computer").spell(startsBy() ?? "");
  return make("div", { className: "in-app" }, words, command.element);
}
