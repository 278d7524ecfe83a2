// The bar of tabs of a static site. In the app it is Gradio's, with the same roles and classes.

const KEYS = { ArrowLeft: -1, ArrowRight: 1 };

// `opened` hears each panel as it is opened, the first one at once.
export function tabs(bar, opened) {
  const buttons = [...bar.querySelectorAll("[role=tab]")];
  const panelOf = (button) => document.getElementById(button.getAttribute("aria-controls"));

  function show(chosen) {
    for (const button of buttons) {
      const on = button === chosen;
      button.ariaSelected = String(on);
      button.tabIndex = on ? 0 : -1;
      button.classList.toggle("selected", on);
      panelOf(button).hidden = !on;
    }
    opened(panelOf(chosen));
  }

  function key(event) {
    const { ctrlKey, metaKey, altKey, shiftKey, target } = event;
    const at = buttons.indexOf(target);
    const to = { Home: 0, End: buttons.length - 1 }[event.key] ?? (at + KEYS[event.key] + buttons.length) % buttons.length;
    if (at < 0 || Number.isNaN(to) || ctrlKey || metaKey || altKey || shiftKey) return;
    event.preventDefault();
    buttons[to].focus();
    show(buttons[to]);
  }

  for (const button of buttons) button.addEventListener("click", () => show(button));
  bar.addEventListener("keydown", key);
  show(buttons[0]);
}
