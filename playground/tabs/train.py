"""Train: watch a model learn, and play with it in every other tab."""

from ..components import component
from ..store import Store
from .tab import Tab


def build(_: Store) -> None:
    component("train/train")


TAB = Tab("Train", build)
