"""Markdown to HTML: formulas as MathML, which browsers draw by themselves, and words explained."""

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from .. import text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


def to_html(markdown: str, marked: bool = False) -> str:
    """The text as HTML, its `$formulas$` as MathML.

    Arguments:
        marked: whether the first use of every word in the glossary can be asked for its meaning.
    """
    html = _reader().render(markdown)
    return _explained(html) if marked else html


def inline_html(markdown: str) -> str:
    """The same for words within a line."""
    return _reader().renderInline(markdown)


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    # The texts are our own, but what looks like HTML in them stays text all the same.
    reader = MarkdownIt("commonmark", {"html": False, "typographer": True})
    reader.enable(["table", "smartquotes"])
    return reader.use(dollarmath_plugin, renderer=_formula, allow_labels=False, double_inline=True)


def _formula(tex: str, options: dict[str, Any]) -> str:
    from latex2mathml.converter import convert

    display = "block" if options["display_mode"] else "inline"
    # It takes "is distributed as" for a variable, and would leave no space around it.
    return convert(tex, display=display).replace("<mi>&#x0007E;</mi>", "<mo>&#x0223C;</mo>")


def _explained(html: str) -> str:
    """The first use of each word of the glossary, outside of tags, links, code and formulas."""
    pieces = re.split(
        r"(<(?:a|code|math|h\d)\b.*?</(?:a|code|math|h\d)>|<[^>]+>)", html, flags=re.DOTALL
    )
    wanted = _words()
    for i in range(0, len(pieces), 2):  # the even ones are text
        pieces[i], found = _mark(pieces[i], wanted)
        wanted = {word: name for word, name in wanted.items() if name not in found}
    return "".join(pieces)


def _mark(piece: str, wanted: dict[str, str]) -> tuple[str, set[str]]:
    found: set[str] = set()

    def mark(match: re.Match[str]) -> str:
        name = wanted[match[0].lower()]
        if name in found:
            return match[0]
        found.add(name)
        return f'<dfn tabindex="0" data-term="word:{escape(name)}">{match[0]}</dfn>'

    if not wanted:
        return piece, found
    longest_first = sorted(wanted, key=len, reverse=True)
    pattern = rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"
    return re.sub(pattern, mark, piece, flags=re.IGNORECASE), found


def _words() -> dict[str, str]:
    """How each word of the glossary may stand in a text, to its heading: one or several of it."""
    words: dict[str, str] = {}
    for name in text.sections("glossary"):
        plain = name.lower()
        ending = f"{plain[:-1]}ies" if plain.endswith("y") else f"{plain}s"
        words |= {plain: name, ending: name}
    return words
