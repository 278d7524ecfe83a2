"""Atlas: where thousands of digits lie in a model's latent space."""

from ..components.atlas import atlas_view
from ..components.page import lead, source
from ..shared import Shared, Tab


def build(shared: Shared) -> None:
    lead("atlas")
    atlas_view()
    source("atlas")


TAB = Tab(title="Atlas", build=build)
