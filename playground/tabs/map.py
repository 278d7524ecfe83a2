"""Map: move through a space of two numbers, and through planes of longer codes."""

from ..components import component
from ..store import Store
from .tab import Tab


def build(_: Store) -> None:
    component("map/map")


TAB = Tab("Map", build)
