"""Walk: from digit to digit, and digits from nothing."""

from ..components.page import lead, source
from ..components.walk import walk_view
from ..shared import Shared, Tab

CHOSEN = ("vanilla-32", "conv-32", "vae-20")  # who stays on the manifold?


def build(shared: Shared) -> None:
    lead("walk")
    walk_view(CHOSEN)
    source("walk")


TAB = Tab(title="Walk", build=build)
