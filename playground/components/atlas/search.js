// The search for strangers: digits of one class whose neighbours are of another.

export function search(element, classes, asked) {
  const [own, theirs] = element.querySelectorAll("select");
  const names = classes.map((_, name) => name);
  own.append(...names.map((name) => new Option(`${name}s`, name, name === 4, name === 4)));
  theirs.append(new Option("any others", "any"));
  theirs.append(...names.map((name) => new Option(`${name}s`, name, name === 9, name === 9)));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    asked(Number(own.value), theirs.value === "any" ? null : Number(theirs.value));
  });
}

// The digits of class `own` most of whose neighbours are of class `theirs`; null is any other.
export function strangers({ labels, majority }, own, theirs) {
  const found = [];
  labels.forEach((label, i) => {
    if (label !== own || majority[i] === own) return;
    if (theirs === null || majority[i] === theirs) found.push(i);
  });
  return found;
}
