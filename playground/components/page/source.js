// The code behind a tab, folded up at its foot.

import { codeBlock } from "../ui/code.js";

export function mount(element, { props }) {
  element.querySelector(".behind").append(codeBlock(props.code));
}
