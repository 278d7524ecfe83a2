"""Learn: ten short chapters, each a figure to touch, a question, and a way into another tab."""

from ..components import Component, component
from ..store.models import Store
from .tab import Tab

ICON = "M10 5.5C8 4 5.5 3.5 2.5 4v11.5c3-.5 5.5 0 7.5 1.5 2-1.5 4.5-2 7.5-1.5V4c-3-.5-5.5 0-7.5 1.5zM10 5.5V17"


def build(_: Store) -> Component:
    return component("learn/learn")


TAB = Tab("Learn", build, ICON)
