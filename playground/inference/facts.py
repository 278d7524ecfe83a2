"""What there is to compute with: the models in order, the kinds of noise, the classes."""

from collections.abc import Sequence
from typing import Any

from vae_core.data.corruption import CORRUPTIONS
from vae_core.errors import UsageError
from vae_core.evaluation.metrics import compression_ratio

from ..runs.disk.record import PREFIX
from ..runs.plan import command_of
from ..runs.run import Run
from ..store.models import Store
from ..styles import MARKS
from ..text.source import behind

Facts = dict[str, Any]


def models(store: Store) -> list[Facts]:
    """The shipped models: how each looks, what it is, and the command that trains it."""
    return [_model(store, name) for name in store.names]


def models_of_runs(store: Store, owner: str, opened: Sequence[str] = ()) -> list[Facts]:
    """The models of this browser's runs after their last whole epoch, the oldest first.

    They are told of as in `models`, and with the id of their `run` and a `version`, another one
    when the model has learnt more.

    Arguments:
        opened: ids of runs of sweeps that are among them.

    Raises:
        UsageError: if `owner` is not how a browser is called.
    """
    runs = store.jobs.runs(owner, opened)
    return [_model_of_run(store, run) for run in runs if run.files.checkpoint.exists()]


def noises() -> list[dict[str, str]]:
    """The kinds of noise, and what strength means for each."""
    return [
        {"name": name, "label": kind.label, "meaning": kind.meaning}
        for name, kind in CORRUPTIONS.items()
    ]


def _model_of_run(store: Store, run: Run) -> Facts:
    name = PREFIX + run.id
    facts = {**_model(store, name), "run": run.id, "version": str(store.version(name))}
    if "command" in facts:
        try:
            facts["command"] = command_of(run.files.recipe(), run.name)
        except UsageError as error:
            facts["error"] = str(error)
    return facts


def _model(store: Store, name: str) -> Facts:
    look = store.look(name)
    facts = {
        "name": name,
        "label": look.label,
        "sentence": look.sentence,
        "colour": look.colour,
        "mark": MARKS[look.mark],
        "symbol": look.mark,
        "hollow": look.hollow,
        "dash": look.dash,
    }
    try:
        checkpoint = store.get(name)
    except UsageError as error:
        return {**facts, "error": str(error)}
    model, config = checkpoint.model, checkpoint.recipe.config
    if model.is_gaussian:
        facts |= {"beta": config.beta, "likelihood": config.likelihood}
    return {
        **facts,
        "code": model.latent_dim,
        "ratio": compression_ratio(model),
        "samples": model.is_gaussian,
        "classes": model.classes,
        "codes": model.codes,
        "sparse": checkpoint.recipe.model.name == "sparse",
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "command": checkpoint.command,
        "source": behind(checkpoint),
    }
