"""Atlas: where thousands of digits lie in a model's latent space."""

from ..components import component
from ..store import Store
from ..text import sections
from .tab import Tab


def build(_: Store) -> None:
    component("atlas/atlas", terms=sections("terms"))


TAB = Tab("Atlas", build)
