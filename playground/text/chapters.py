"""The chapters of the Learn tab: Markdown files in `text/learn`, in the order of their names."""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from .. import text
from .markdown import inline_html, to_html

FOLDER = text.HERE / "learn"
LINK = re.compile(r"^- \[(?P<words>.+?)\]\((?P<to>\S+)\)(?P<note>.*)$", re.MULTILINE)
CODE = re.compile(r"^- `(?P<name>[\w.]+)`(?:: *(?P<note>.+))?$", re.MULTILINE)
NOTEBOOK = re.compile(r"^- notebook `(?P<name>\w+)`: *(?P<words>.+)$", re.MULTILINE)
PARTS = ("More", "Question", "Answer", "Try it", "Code")


class Chapter(NamedTuple):
    """One chapter, ready for the page.

    Attributes:
        name: what links call it, and its figure in `components/learn/figures`.
        short: its name on its button.
        title: its heading, in two parts: what it is about, and the field's words for it.
        text: HTML, a few words before the figure.
        more: HTML, what stands below the figure.
        question: HTML.
        answer: HTML.
        tries: links into other tabs: their words, and what stands after the "#".
        code: names in `vae_core`, each with what it does.
        notebooks: the names of files in `notebooks/`, each with what it is for.
    """

    name: str
    short: str
    title: str
    text: str
    more: str
    question: str
    answer: str
    tries: list[dict[str, str]]
    code: list[dict[str, str]]
    notebooks: list[dict[str, str]]


@cache
def chapters() -> tuple[Chapter, ...]:
    """All chapters, in order."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.md")))


def code_of(place: str) -> list[dict[str, str]]:
    """The code behind a tab, from `text/code.md`: names in `vae_core`, each with what it does."""
    return named_code(text.parts(text.read("code")).get(place, ""))


def places() -> list[str]:
    """The tabs that have code behind them."""
    return list(text.parts(text.read("code")))


def named_code(listed: str) -> list[dict[str, str]]:
    """A list of names in `vae_core` as Markdown, taken apart."""
    return [{"name": code["name"], "note": code["note"] or ""} for code in CODE.finditer(listed)]


def maths() -> dict[str, str]:
    """The formulas that figures show when asked for them, as HTML by name."""
    return {name: inline_html(line) for name, line in text.sections("maths").items()}


def to_plain() -> dict[str, Any]:
    """The chapters, the glossary and the references, for JSON."""
    return {
        "chapters": [chapter._asdict() for chapter in chapters()],
        "glossary": sorted(text.sections("glossary").items()),
        "references": to_html(text.read("references")),
    }


def _read(path: Path) -> Chapter:
    name = path.stem.partition("-")[2]
    content = path.read_text(encoding="utf-8")
    title, _, body = content.partition("\n## ")[0].strip().partition("\n")
    parts = text.parts(content)
    if not title.startswith("# ") or set(parts) != set(PARTS):
        raise ValueError(
            f"{path.name} must begin with '# Its title' and have each of the parts "
            f"{', '.join(PARTS)} once; found {title!r} and {', '.join(parts) or 'none'}."
        )
    return Chapter(
        name,
        name.replace("-", " ").capitalize(),
        title.removeprefix("# ").strip(),
        to_html(body, marked=True),
        to_html(parts["More"], marked=True),
        to_html(parts["Question"]),
        to_html(parts["Answer"]),
        [
            {"words": link["words"], "fragment": link["to"].split("#")[-1], "note": link["note"]}
            for link in LINK.finditer(parts["Try it"])
        ],
        named_code(parts["Code"]),
        [found.groupdict() for found in NOTEBOOK.finditer(parts["Code"])],
    )
