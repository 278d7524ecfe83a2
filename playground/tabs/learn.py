"""Learn: ten short chapters, each a figure to touch, a question, and a way into another tab."""

from ..components import component
from ..store import Store
from ..text import sections
from .tab import Tab


def build(_: Store) -> None:
    component("learn/learn", terms=sections("terms"))


TAB = Tab("Learn", build)
