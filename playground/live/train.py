"""Training in the page: what can be trained, and the start of a run."""

from dataclasses import asdict, fields
from typing import Any

from ..runs import downloads, presets
from ..runs.record import check_title, default_name
from ..runs.request import command_of, parse_run
from ..store import Store
from ..wire import LONGEST_HEADER, unpack
from . import pictures, train_files, train_sweeps, train_watch
from .answer import Answer

LONGEST_QUESTION = 4 + LONGEST_HEADER


def options(_: bytes, store: Store) -> dict[str, Any]:
    """What can be chosen for a run, with its ranges and defaults."""
    from vae_core.data.corruption import CORRUPTIONS
    from vae_core.models import MODELS
    from vae_core.models.distributions import LIKELIHOODS

    return {
        "models": [{"name": name, "options": _options(name)} for name in MODELS],
        "config": _config(),
        "likelihoods": list(LIKELIHOODS),
        "noises": [{"name": name, "label": kind.label} for name, kind in CORRUPTIONS.items()],
        "datasets": downloads.facts(),
        "devices": _devices(),
        "limits": asdict(store.jobs.limits),
        "presets": presets.facts(),
        "pictures": pictures.facts(store),
    }


def check(message: bytes, store: Store) -> dict[str, Any]:
    """What a run would be, without starting it: its name, its command and its size.

    Raises:
        UsageError: if it could not be started.
    """
    header, _ = unpack(message)
    wanted = parse_run(header, store.jobs.limits, store.jobs.pictures)
    name = check_title(header.get("name") or "") or default_name(wanted.recipe)
    command = command_of(wanted.recipe, name, wanted.device)
    return {"name": name, "command": command, "parameters": wanted.parameters}


def start(message: bytes, store: Store) -> dict[str, Any]:
    """Starts a run for the browser called `owner`, or lets it wait for its turn.

    Raises:
        UsageError: if anything in the message is not as it should be, or is beyond a limit.
    """
    header, _ = unpack(message)
    owner: Any = header.get("owner")
    wanted = parse_run(header, store.jobs.limits, store.jobs.pictures)
    id = store.jobs.start(owner, wanted.recipe, header.get("name") or "", wanted.device)
    run = store.jobs.get(owner, id)
    command = command_of(wanted.recipe, run.name, wanted.device)
    return {"id": id, "command": command, "position": run.position}


def _options(name: str) -> dict[str, Any]:
    from vae_core.models import OPTION_RANGES, specify

    defaults = specify(name).options
    return {
        option: {
            "low": low,
            "high": high,
            "default": defaults[option],
            "kind": _kind(defaults[option]),
        }
        for option, (low, high) in OPTION_RANGES.items()
        if option in defaults
    }


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

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    names = [*(name for name, is_there in there.items() if is_there), "cpu"]
    found = [{"name": name, "label": describe(torch.device(name))} for name in names]
    return [{"name": "auto", "label": f"Best there is: {describe(best_device())}"}, *found]


ANSWERS: tuple[Answer, ...] = (
    Answer("train-options", options),
    Answer("train-check", check, LONGEST_QUESTION),
    Answer("train-start", start, LONGEST_QUESTION),
    *train_watch.ANSWERS,
    *train_files.ANSWERS,
    *pictures.ANSWERS,
    train_sweeps.ANSWER,
)
