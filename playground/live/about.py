"""What the page can offer: the models in order, the kinds of noise, the classes."""

from typing import Any

from vae_core.errors import UsageError

from ..looks import CLASS_COLOURS, MARKS, look_of
from ..shared import Store
from .answer import Answer


def about(_: bytes, store: Store) -> dict[str, Any]:
    """What the page needs to know before it can ask for anything else."""
    models = [_facts(store, name) for name in store.names]
    from vae_core.corruption import CORRUPTIONS

    return {
        "models": models,
        "noises": [
            {"name": name, "label": kind.label, "meaning": kind.meaning}
            for name, kind in CORRUPTIONS.items()
        ],
        "classes": list(CLASS_COLOURS),
    }


def _facts(store: Store, name: str) -> dict[str, Any]:
    look = look_of(name)
    facts = {
        "name": name,
        "label": look.label,
        "sentence": look.sentence,
        "colour": look.colour,
        "mark": MARKS[look.mark],
        "hollow": look.hollow,
    }
    try:
        checkpoint = store.get(name)
    except UsageError as error:
        return {**facts, "error": str(error)}
    from vae_core.metrics import compression_ratio
    from vae_core.models import GaussianCode

    model = checkpoint.model
    return {
        **facts,
        "code": model.latent_dim,
        "ratio": compression_ratio(model),
        "samples": isinstance(model, GaussianCode),
        "sparse": checkpoint.recipe.model.name == "sparse",
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "command": checkpoint.command,
    }


ANSWER = Answer("about", about)
