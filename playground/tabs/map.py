"""Map: move through a space of two numbers, and through planes of longer codes."""

from ..components.map import map_view
from ..components.page import lead, source
from ..shared import Shared, Tab


def build(shared: Shared) -> None:
    lead("map")
    map_view()
    source("map")


TAB = Tab(title="Map", build=build)
