"""The tabs, in order. To add one: write a file beside this one, and list its TAB here."""

from ..shared import Tab
from . import reconstruct

TABS: tuple[Tab, ...] = (reconstruct.TAB,)
