// Elements in one line each, and words and values put into them.

// A new element with these properties; `dataset` and `hidden` work as on elements.
/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{ dataset?: object, [property: string]: any }} properties
 * @param {...(Node | string)} children
 */
export function make(tag, { dataset, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, dataset);
  element.append(...children);
  return element;
}

// A row of a list of numbers: what it is, and a cell for its value.
/** @type {(term: string, words: string) => { element: HTMLDivElement, cell: HTMLElement }} */
export function row(term, words) {
  const cell = make("dd", {}, "–");
  const element = make("div", { tabIndex: 0, dataset: { term } }, make("dt", {}, words), cell);
  return { element, cell };
}

// Only what changed: every change of text makes the browser lay out the page again. Words that take
// the place of words keep their node, or all who observe the page would hear of it.
/** @type {(element: Element, text: string) => void} */
export function write(element, text) {
  if (element.textContent === text) return;
  const [words, more] = element.childNodes;
  if (words instanceof Text && !more && text) words.data = text;
  else element.textContent = text;
}

// Whether keys belong to words that are being written in `target`, or to the choice in it.
/** @type {(target: any) => boolean} */
export function typing(target) {
  return Boolean(target.matches?.("textarea, select, [contenteditable], input:not([type=range], [type=checkbox], [type=radio])"));
}

// Words for those who listen instead of look: the newest, and at most once a second.

const PAUSE = 1000; // ms from one sentence to the next
const SOON = 300; // ms in which what follows replaces what was to be said

// Gives back a function that says a sentence in `element`, a live region.
/** @type {(element: Element) => (sentence: string) => void} */
export function speaker(element) {
  let wanted = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let free = 0; // when the next sentence may come

  function say() {
    timer = undefined;
    free = performance.now() + PAUSE;
    if (element.textContent !== wanted) element.textContent = wanted;
  }

  return (sentence) => {
    wanted = sentence;
    timer ??= setTimeout(say, Math.max(SOON, free - performance.now()));
  };
}

// Words as the name of a file that every system takes.
/** @type {(words: string, ending: string) => string} */
export function fileName(words, ending) {
  const plain = words.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{M}\p{N}.]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "");
  return `${plain || "file"}.${ending}`;
}

// Gives the visitor a file.
/** @type {(content: BlobPart, name: string, type: string) => void} */
export function download(content, name, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
