"""Atlas: where thousands of digits lie in a model's latent space."""

from ..components import Component, component
from ..store.models import Store
from .tab import Tab

ICON = "M4.5 6.5h.01M8.5 4h.01M13 5h.01M6 10.5h.01M10 8.5h.01M15.5 9h.01M9 13h.01M13 13.5h.01M6.5 16h.01M16 15.5h.01"


def build(_: Store) -> Component:
    return component("atlas/atlas")


TAB = Tab("Atlas", build, ICON)
