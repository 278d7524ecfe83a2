"""Facts: what does not depend on the visitor, each made by one function, and kept by browsers for ever."""

from collections.abc import Iterator
from typing import Any

from vae_core.errors import UsageError

from ..store.models import Store
from . import atlas, experiments, latent, page
from .fact import Fact

FACTS: dict[str, Fact] = {
    fact.name: fact for fact in (*page.FACTS, *latent.FACTS, *atlas.FACTS, *experiments.FACTS)
}


def shipped(store: Store) -> Iterator[tuple[str, bytes | dict[str, Any]]]:
    """Every fact about what is shipped: its address below the version, and what it says.

    What there is no fact about, such as the map of a model of many latents, is left out.
    """
    for fact in FACTS.values():
        for about in fact.subjects(store):
            try:
                yield "/".join((fact.name, *about)), fact.make(store, *about)
            except UsageError:
                continue
