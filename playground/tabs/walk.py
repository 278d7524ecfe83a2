"""Walk: from digit to digit, and digits from nothing."""

from ..components import component
from ..store import Store
from .tab import Tab

CHOSEN = ("vanilla-32", "conv-32", "vae-20")  # who stays on the manifold?


def build(_: Store) -> None:
    component("walk/walk", chosen=list(CHOSEN))


TAB = Tab("Walk", build)
