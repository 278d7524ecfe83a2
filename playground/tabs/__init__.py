"""The tabs, in order. To add one: write a file beside this one, and list its TAB here."""

from . import atlas, learn, map, reconstruct, train, walk
from .tab import Tab

TABS: tuple[Tab, ...] = (reconstruct.TAB, map.TAB, atlas.TAB, walk.TAB, train.TAB, learn.TAB)
