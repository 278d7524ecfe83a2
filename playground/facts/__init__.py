"""Facts: what does not depend on the visitor, each made by one function, and kept by browsers for ever."""

from . import atlas, experiments, latent, page
from .fact import Fact

FACTS: dict[str, Fact] = {
    fact.name: fact for fact in (*page.FACTS, *latent.FACTS, *atlas.FACTS, *experiments.FACTS)
}
