"""Runs that teach something, one click each. They were tried; see what each says it shows."""

from typing import Any, NamedTuple


class Preset(NamedTuple):
    """One or two runs to watch, and what there is to see.

    Attributes:
        runs: each with `name`, `model`, `options` and `config`.
        epochs: by data set.
    """

    name: str
    sentence: str
    runs: tuple[dict[str, Any], ...]
    epochs: dict[str, int]


PRESETS: tuple[Preset, ...] = ()


def facts() -> list[dict[str, Any]]:
    """The presets as the page needs them: on MNIST where it is present, else on digits."""
    from vae_core import data

    dataset = "mnist" if data.present("mnist") else "digits"
    return [
        {
            "name": preset.name,
            "sentence": preset.sentence,
            "runs": [_run(run, dataset, preset.epochs[dataset]) for run in preset.runs],
        }
        for preset in PRESETS
    ]


def _run(run: dict[str, Any], dataset: str, epochs: int) -> dict[str, Any]:
    return {**run, "dataset": dataset, "config": {**run["config"], "epochs": epochs}}
