"""Reconstruct: what survives a trip through the code?"""

from ..components import Component, component
from ..store.models import Store
from ..styles import DEFAULT_CARDS
from .tab import Tab

ICON = "M3 4h4.5v12H3zM12.5 4H17v12h-4.5zM9 10h2"


def build(store: Store) -> Component:
    return component("reconstruct/cards", chosen=list(DEFAULT_CARDS))


TAB = Tab("Reconstruct", build, ICON)
