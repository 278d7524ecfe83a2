"""Walk: from digit to digit, and digits from nothing."""

from ..components import Component, component
from ..store.models import Store
from .tab import Tab

CHOSEN = ("vanilla-32", "conv-32", "vae-20")  # who stays on the manifold?

ICON = "M2.5 10h2.5M8 10h2.5M13 6l4 4-4 4M17 10h-3.5"


def build(_: Store) -> Component:
    return component("walk/walk", chosen=list(CHOSEN))


TAB = Tab("Walk", build, ICON)
