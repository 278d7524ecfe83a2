// The page's scripts are plain modules for browsers of the last three years: no build step.

import path from "node:path";

import js from "@eslint/js";
import globals from "globals";

// From the ground up. A script imports from its own folder and from those below it, and what is not
// named here is a tab, or furniture of the page, on the top floor: none of them knows another.
const FLOORS = ["engine", "state", "ui", "graph"];
const COMPONENTS = path.join(import.meta.dirname, "playground", "components");

const folderOf = (file) => path.relative(COMPONENTS, file).split(path.sep)[0];
const floorOf = (folder) => (FLOORS.includes(folder) ? FLOORS.indexOf(folder) : FLOORS.length);

const downwards = {
  create(context) {
    const here = folderOf(context.filename);
    const check = ({ source }) => {
      const text = source.value ?? source.quasis?.[0].value.raw ?? "";
      const there = folderOf(path.resolve(path.dirname(context.filename), text));
      if (there === here || floorOf(there) < floorOf(here)) return;
      context.report({ node: source, message: `${here}/ may not import ${there}/: imports go down, ${FLOORS.join(" <- ")} <- tabs.` });
    };
    return { ImportDeclaration: check, ImportExpression: check };
  },
};

export default [
  { ignores: [".venv/", "node_modules/", "**/vendor/"] },
  js.configs.recommended,
  {
    files: ["playground/**/*.js", "tests/js/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
  },
  {
    files: ["tests/js/*.js", "benchmarks/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.node },
  },
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "consistent-return": "error",
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "no-console": "error",
      "no-implicit-globals": "error",
      "no-param-reassign": "error",
      "no-shadow": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    files: ["playground/components/**/*.js"],
    plugins: { house: { rules: { downwards } } },
    rules: { "house/downwards": "error" },
  },
];
