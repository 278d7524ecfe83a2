"""What the page can offer: the models in order, the kinds of noise, the classes."""

from typing import Any

from vae_core.data.palette import CLASS_COLOURS
from vae_core.errors import UsageError

from ..request import read
from ..runs.plan import command_of
from ..runs.record import PREFIX
from ..runs.request import RunsRequest
from ..runs.run import Run
from ..store import Store
from ..styles import MARKS
from ..text.source import behind
from ..wire import LONGEST_HEADER, unpack
from .answer import Answer


def about(_: bytes, store: Store) -> dict[str, Any]:
    """What the page needs to know before it can ask for anything else."""
    models = [_facts(store, name) for name in store.names]
    from vae_core.data.corruption import CORRUPTIONS

    return {
        "models": models,
        "noises": [
            {"name": name, "label": kind.label, "meaning": kind.meaning}
            for name, kind in CORRUPTIONS.items()
        ],
        "classes": list(CLASS_COLOURS),
    }


def about_runs(message: bytes, store: Store) -> dict[str, Any]:
    """The models of this browser's runs after their last whole epoch, the oldest first.

    They are told of as in `about`, and with the id of their `run` and a `version`, another one
    when the model has learnt more. `opened` are runs of sweeps that are among them.

    Raises:
        UsageError: if `owner` is not how a browser is called, or `opened` is no list of ids.
    """
    asked = read(RunsRequest, unpack(message)[0])
    runs = store.jobs.runs(asked.owner, asked.opened)
    with_model = [run for run in runs if run.files.checkpoint.exists()]
    return {"models": [_facts_of_run(store, run) for run in with_model]}


def _facts_of_run(store: Store, run: Run) -> dict[str, Any]:
    name = PREFIX + run.id
    facts = {**_facts(store, name), "run": run.id, "version": str(store.version(name))}
    if "command" in facts:
        try:
            facts["command"] = command_of(run.files.recipe(), run.name)
        except UsageError as error:
            facts["error"] = str(error)
    return facts


def _facts(store: Store, name: str) -> dict[str, Any]:
    look = store.look(name)
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
    from vae_core.evaluation.metrics import compression_ratio
    from vae_core.models import GaussianLatents

    model = checkpoint.model
    return {
        **facts,
        "code": model.latent_dim,
        "ratio": compression_ratio(model),
        "samples": isinstance(model, GaussianLatents),
        "sparse": checkpoint.recipe.model.name == "sparse",
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "command": checkpoint.command,
        "source": behind(checkpoint),
    }


ANSWERS: tuple[Answer, ...] = (
    Answer("about", about),
    Answer("about-runs", about_runs, 4 + LONGEST_HEADER),
)
