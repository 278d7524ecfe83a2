"""Map: move through a space of two numbers, and through planes of longer codes."""

from ..components import Component, component
from ..store.models import Store
from .tab import Tab

ICON = (
    "M10 17.5s5.5-5 5.5-9a5.5 5.5 0 0 0-11 0c0 4 5.5 9 5.5 9zM10 10.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"
)


def build(_: Store) -> Component:
    return component("map/map")


TAB = Tab("Map", build, ICON)
