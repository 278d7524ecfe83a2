"""The form that every tab has."""

from collections.abc import Callable
from dataclasses import dataclass

from ..components import Component
from ..store.models import Store


@dataclass(frozen=True)
class Tab:
    """One tab.

    Attributes:
        title: its name on the page. Its texts stand under this name, in small letters: the lead in
            `text/<name>.md`, and the code behind it in a section of `text/code.md`.
        build: what fills it.
        icon: a path of 20 x 20 for its line in the bar that a phone has at its foot.
    """

    title: str
    build: Callable[[Store], Component]
    icon: str = "M5 5h10v10H5z"

    @property
    def name(self) -> str:
        return self.title.lower()
