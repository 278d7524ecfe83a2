"""What the Learn tab is made of: its chapters, and the code behind everything on the page."""

from typing import Annotated, Any

from pydantic import Field

from ..request import Request, read
from ..store import Store
from ..text import chapters as learn
from ..text import source
from ..wire import LONGEST_HEADER, unpack
from .answer import Answer


class CodeRequest(Request):
    """Which functions and classes of vae_core are to be listed."""

    names: Annotated[list[str], Field(max_length=16)]


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
    asked = read(CodeRequest, unpack(message)[0])
    return {"listings": [source.listing(name)._asdict() for name in asked.names]}


ANSWERS: tuple[Answer, ...] = (
    Answer("lesson", chapters),
    Answer("maths", maths),
    Answer("code", code, 4 + LONGEST_HEADER),
)
