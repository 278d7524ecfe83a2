// The language that the page says it is in: its own, whatever the browser's is.

const LANGUAGE = "en";

// Gradio translates its own few words, and then names their language as that of the whole page
// (svelte-i18n, as of Gradio 6.31). One that a translator names stays: the words are in it.
export function keepLanguage(signal) {
  const root = document.documentElement;
  const put = () => {
    const translated = [...root.classList].some((name) => name.startsWith("translated-"));
    if (!translated && root.lang !== LANGUAGE) root.lang = LANGUAGE;
  };
  const observer = new MutationObserver(put);
  observer.observe(root, { attributeFilter: ["lang", "class"] });
  signal.addEventListener("abort", () => observer.disconnect());
  put();
}
