"""The form that every tab has."""

from collections.abc import Callable
from dataclasses import dataclass

from ..store import Store


@dataclass(frozen=True)
class Tab:
    """One tab.

    Attributes:
        title: its name on the page. Its texts stand under this name, in small letters: the lead in
            `text/<name>.md`, and the code behind it in a section of `text/code.md`.
        build: what fills it.
    """

    title: str
    build: Callable[[Store], None]

    @property
    def name(self) -> str:
        return self.title.lower()
