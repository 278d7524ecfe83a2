"""Atlas: where thousands of digits lie in a model's latent space."""

from ..components import component
from ..store import Store
from .tab import Tab


def build(_: Store) -> None:
    component("atlas/atlas")


TAB = Tab("Atlas", build)
