"""Learn: ten short chapters, each a figure to touch, a question, and a way into another tab."""

from ..components import component
from ..store import Store
from .tab import Tab


def build(_: Store) -> None:
    component("learn/learn")


TAB = Tab("Learn", build)
