"""What axe-core has against a page: https://github.com/dequelabs/axe-core."""

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

EVERYTHING = [f"wcag{version}" for version in ("2a", "2aa", "21a", "21aa", "22aa")]
OPTIONS = {
    "everything": {"runOnly": [*EVERYTHING, "best-practice"]},
    "contrast": {"runOnly": {"type": "rule", "values": ["color-contrast"]}},
}


def violations(
    page: Page, part: str = "html", rules: str = "everything", without: Sequence[str] = ()
) -> list[str]:
    """What is wrong in the parts that a selector finds: how bad, which rule, where, what to do.

    Arguments:
        rules: a key of `OPTIONS`. Text has to have a contrast of 4.5:1, large text of 3:1.
        without: what is left out, because it was looked at before and has not changed.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(
        "([context, options]) => axe.run(context, { resultTypes: ['violations'], ...options })",
        [{"include": [part], "exclude": list(without)}, OPTIONS[rules]],
    )
    return [_in_words(rule, node) for rule in found["violations"] for node in rule["nodes"]]


def _in_words(rule: dict[str, Any], node: dict[str, Any]) -> str:
    todo = " ".join(node["failureSummary"].split())
    return f"{rule['impact']}: {rule['id']} at {node['target']}: {todo}"
