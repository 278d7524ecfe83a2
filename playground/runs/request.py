"""A stranger's wish for a training run, checked before anything is started."""

import json
import re
from dataclasses import fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from vae_core.errors import UsageError, check_name, check_range

from .limits import Limits
from .uploads import Shelf

if TYPE_CHECKING:
    from vae_core.training.config import TrainConfig
    from vae_core.training.recipe import Recipe

MOST_NOISES = 16


class Wanted(NamedTuple):
    """A checked request for a run."""

    recipe: "Recipe"
    device: str
    parameters: int


def parse_run(header: dict[str, Any], limits: Limits, shelf: Shelf) -> Wanted:
    """What shall be trained, and on what: `model`, `options`, `dataset`, `config`, `device`.

    Raises:
        UsageError: if it cannot be trained here, or is more than a run may cost.
    """
    from vae_core.data import datasets
    from vae_core.models import MODELS, OPTION_RANGES, specify
    from vae_core.training.devices import best_device
    from vae_core.training.recipe import Recipe

    check_name("model", header.get("model"), MODELS)
    name, dataset = str(header["model"]), shelf.resolve(header.get("dataset"))
    options = _object(header, "options")
    for shape in {"image_shape", "out_channels"} & options.keys():
        raise UsageError(
            f"The pictures of this page are grey and 28x28; {shape} cannot be chosen."
        )
    for option in specify(name, **options).options:
        if option in options and option not in OPTION_RANGES:
            raise UsageError(
                f"{option} has no range, so it cannot be chosen on this page. For it there is "
                "`python -m vae_core train`."
            )
    config = parse_config(_object(header, "config"))
    if name == "pca":
        config = replace(config, epochs=0)  # it is fitted in one go
    else:
        check_range("epochs", config.epochs, 1, 100_000, whole=True)
    recipe = Recipe(specify(name, **options), dataset, "train", config)
    device: Any = header.get("device", "auto")
    best_device(device)
    if recipe.dataset in datasets.DATASETS and not datasets.present(recipe.dataset):
        raise UsageError(
            f"The data set '{recipe.dataset}' is not on this server yet. Get it first, or choose "
            "'digits', which is always here."
        )
    count = parameters_of(recipe)
    limits.check(count, datasets.count(recipe.dataset) * config.epochs)
    return Wanted(recipe, device, count)


def parse_config(asked: dict[str, Any]) -> "TrainConfig":
    """The settings of a run; what is left out is at its default."""
    from vae_core.training.config import TrainConfig

    if "task" in asked:
        raise UsageError(
            "What is trained here draws its input again, so task cannot be chosen. For another one "
            "there is `python -m vae_core train --task`."
        )
    known = {field.name: field.default for field in fields(TrainConfig)}
    settings: dict[str, Any] = {}
    for name, value in asked.items():
        check_name("setting", name, known)
        if name == "noise":
            if not isinstance(value, list) or len(value) > MOST_NOISES:
                raise UsageError(f"noise must be a list of up to {MOST_NOISES} kinds of noise.")
            value = tuple(value)
        elif type(known[name]) is float and type(value) is int and abs(value) < 2**53:
            value = float(value)
        settings[name] = value
    return TrainConfig(**settings)


def parameters_of(recipe: "Recipe") -> int:
    """How many numbers a model of this recipe learns."""
    options = {**recipe.model.options, "image_shape": list(recipe.model.options["image_shape"])}
    return _parameters(recipe.model.name, json.dumps(options, sort_keys=True))


@lru_cache(256)
def _parameters(name: str, options: str) -> int:
    import torch

    from vae_core.models import MODELS

    plain = json.loads(options)
    with torch.device("meta"):  # nothing is allocated
        model = MODELS[name](**{**plain, "image_shape": tuple(plain["image_shape"])})
    return sum(weight.numel() for weight in model.parameters())


def command_of(recipe: "Recipe", name: str, device: str = "auto") -> str:
    """The command line that does the same, with a file called after the run."""
    file = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "model"
    command = recipe.command(f"{file}.safetensors")
    return command if device == "auto" else f"{command} --device {device}"


def opened_in(header: dict[str, Any]) -> list[str]:
    """The ids of the runs of sweeps that a browser has open.

    Raises:
        UsageError: if that is no list of words.
    """
    ids = header.get("opened", [])
    if not isinstance(ids, list) or not all(isinstance(id, str) for id in ids):
        raise UsageError("opened must be a list of the ids of runs.")
    return ids


def _object(header: dict[str, Any], key: str) -> dict[str, Any]:
    value = header.get(key, {})
    if not isinstance(value, dict):
        raise UsageError(f"{key} must be an object with a value for each name.")
    return value
