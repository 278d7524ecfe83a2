"""Reconstruct: what survives a trip through the code?"""

from ..components import component
from ..store import Store
from ..styles import DEFAULT_CARDS
from .tab import Tab


def build(store: Store) -> None:
    component("reconstruct/cards", chosen=list(DEFAULT_CARDS))


TAB = Tab("Reconstruct", build)
