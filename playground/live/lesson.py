"""What the Learn tab is made of: its chapters, and the code behind everything on the page."""

from typing import Any

from vae_core.errors import UsageError

from ..store import Store
from ..text import chapters as learn
from ..text import source
from ..wire import LONGEST_HEADER, unpack
from .answer import Answer

MOST = 16  # listings at once


def chapters(_: bytes, store: Store) -> dict[str, Any]:
    """The chapters, the glossary and the references."""
    return learn.to_plain()


def maths(_: bytes, store: Store) -> dict[str, Any]:
    """The formulas behind the figures, by name."""
    return learn.maths()


def code(message: bytes, store: Store) -> dict[str, Any]:
    """The source of each of the `names`: where it stands, and its lines as HTML.

    Raises:
        UsageError: if one of them is no function or class of vae_core.
    """
    header, _ = unpack(message)
    names: Any = header.get("names")
    if not isinstance(names, list) or len(names) > MOST:
        raise UsageError(f"names must be a list of at most {MOST} names of functions or classes.")
    return {"listings": [source.listing(str(name))._asdict() for name in names]}


ANSWERS: tuple[Answer, ...] = (
    Answer("lesson", chapters),
    Answer("maths", maths),
    Answer("code", code, 4 + LONGEST_HEADER),
)
