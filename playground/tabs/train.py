"""Train: watch a model learn, and play with it in every other tab."""

from ..components.page import lead, source
from ..components.train import train_view
from ..shared import Shared, Tab


def build(shared: Shared) -> None:
    lead("train")
    train_view()
    source("train")


TAB = Tab(title="Train", build=build)
