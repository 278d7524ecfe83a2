// Fields that something is wrong with.

import { describe } from "../../ui/hints.js";

// Marks a field as wrong, and opens what hides it. The elements of these `ids` say why.
export function accuse(control, ids) {
  control.setAttribute("aria-invalid", "true");
  describe(control, (before) => [...before, ...ids]);
  control.closest("details")?.setAttribute("open", "");
}

// Takes the marks away from all fields of a form.
export function acquit(form, ids) {
  for (const wrong of form.querySelectorAll("[aria-invalid]")) {
    wrong.removeAttribute("aria-invalid");
    describe(wrong, (before) => before.filter((id) => !ids.includes(id)));
  }
}
