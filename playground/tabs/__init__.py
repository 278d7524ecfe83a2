"""The tabs, in order. To add one: write a file beside this one, and list its TAB here."""

from ..shared import Tab
from . import atlas, learn, map, reconstruct, train, walk

TABS: tuple[Tab, ...] = (reconstruct.TAB, map.TAB, atlas.TAB, walk.TAB, train.TAB, learn.TAB)
