"""What there is to ask about: models, kinds of noise, example digits."""

from typing import Any

from ..store.models import Store


def models(store: Store, owner: str = "") -> list[dict[str, Any]]:
    """The trained autoencoders, by the names that all other endpoints know them by.

    Each has a label, a sentence on what it is, the length of its code, how many times smaller
    than the picture that is, whether its code is a cloud that can be sampled (a VAE), and the names
    of the code in vae_core behind it, its `source`.

    Arguments:
        owner: your own token of training runs; with it your models come too, as run:<id>.
    """
    from ..inference import facts

    known = facts.models(store)
    if owner:
        known += facts.models_of_runs(store, owner)
    hidden = ("colour", "mark", "hollow", "beta", "likelihood")
    return [{key: fact for key, fact in each.items() if key not in hidden} for each in known]


def noises(store: Store) -> list[dict[str, str]]:
    """The kinds of noise that a digit can be spoilt with, and what strength means for each."""
    from ..inference import facts

    return facts.noises()


def examples(store: Store) -> list[dict[str, Any]]:
    """The example digits: their class, and the name to give wherever a digit is asked for."""
    from vae_core.data.strokes import example_digits

    return [{"name": each.name, "label": each.label} for each in example_digits()]


ENDPOINTS = (models, noises, examples)
