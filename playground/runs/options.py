"""What can be chosen for a run, with its ranges and defaults."""

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from ..styles import kind_look
from . import downloads, presets
from .limits import Limits
from .trainers import zero

if TYPE_CHECKING:
    from vae_core.models import Autoencoder
    from vae_core.models.options import Bounds


def options(limits: Limits) -> dict[str, Any]:
    """Models and their options, settings, data sets, devices, presets, and what is allowed."""
    from vae_core.data.corruption import CORRUPTIONS
    from vae_core.models import MODELS
    from vae_core.models.distributions import LIKELIHOODS

    return {
        "models": [_model(name, kind) for name, kind in MODELS.items()],
        "config": _config(),
        "likelihoods": list(LIKELIHOODS),
        "noises": [{"name": name, "label": kind.label} for name, kind in CORRUPTIONS.items()],
        "datasets": downloads.facts(),
        "devices": _devices(),
        "limits": asdict(limits),
        "presets": presets.facts(),
        "pictures": {"folders": limits.folders, "bytes": limits.archive},
    }


def _model(name: str, kind: "type[Autoencoder]") -> dict[str, Any]:
    look = kind_look(name)
    return {
        "name": name,
        "label": look.label,
        "sentence": look.sentence,
        "colour": look.colour,
        "variational": kind.has_prior,
        "options": _options(name),
    }


def _options(name: str) -> dict[str, Any]:
    from vae_core.models import MODELS, specify

    defaults, bounds = specify(name).options, MODELS[name].OPTIONS
    return {
        option: {
            "default": defaults[option],
            "kind": _kind(defaults[option]),
            **_bounds(bounds[option]),
        }
        for option in bounds
        if option in defaults
    }


def _bounds(bounds: "Bounds") -> dict[str, Any]:
    from vae_core.models.options import Choice

    if isinstance(bounds, Choice):
        return {"low": None, "high": None, "choices": list(bounds.names)}
    return {"low": bounds.low, "high": bounds.high, "choices": None}


def _config() -> list[dict[str, Any]]:
    from vae_core.data.corruption import CORRUPTIONS
    from vae_core.models.distributions import LIKELIHOODS
    from vae_core.training.config import CONFIG_RANGES, PRECISIONS, TrainConfig

    choices = {"likelihood": LIKELIHOODS, "precision": PRECISIONS, "noise": CORRUPTIONS}
    found = []
    for field in fields(TrainConfig):
        if field.name == "task":
            continue  # the page compares pictures with what went in
        low, high = CONFIG_RANGES.get(field.name, (None, None))
        facts = {"name": field.name, "default": field.default, "low": low, "high": high}
        several = list(choices[field.name]) if field.name in choices else None
        found.append({**facts, "kind": _kind(field.default), "choices": several})
    return found


def _kind(value: Any) -> str:
    return {int: "whole", float: "number", str: "choice", tuple: "choices"}[type(value)]


def _devices() -> list[dict[str, str]]:
    import torch

    from vae_core.training.devices import best_device, describe

    if zero.lends("auto"):
        lent = f"A GPU that is lent for {zero.PIECE} seconds at a time"
        return [
            {"name": "auto", "label": lent},
            {"name": "cpu", "label": describe(torch.device("cpu"))},
        ]
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    names = [*(name for name, is_there in there.items() if is_there), "cpu"]
    found = [{"name": name, "label": describe(torch.device(name))} for name in names]
    return [{"name": "auto", "label": f"Best there is: {describe(best_device())}"}, *found]
