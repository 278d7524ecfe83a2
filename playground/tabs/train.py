"""Train: watch a model learn, and play with it in every other tab."""

from ..components import Component, component
from ..store.models import Store
from .tab import Tab

ICON = "M3 3v14h14M5.5 5c1.5 6.5 4 8.5 10.5 9"


def build(_: Store) -> Component:
    return component("train/train")


TAB = Tab("Train", build, ICON)
