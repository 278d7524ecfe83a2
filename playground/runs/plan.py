"""The plan of a run: what a request comes to, before anything is started."""

import re
from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import Field, create_model

from vae_core.errors import UsageError

from ..wire.request import Request, read
from . import admission
from .admission import MOST_NOISES
from .cost import size_of
from .disk import record
from .disk.uploads import Shelf
from .limits import Limits
from .request import RunRequest

if TYPE_CHECKING:
    from vae_core.training.config import TrainConfig
    from vae_core.training.recipe import Recipe


class Plan(NamedTuple):
    """A run that can be started.

    Attributes:
        name: what it would be called, unless another model is called so.
    """

    recipe: "Recipe"
    name: str
    device: str
    parameters: int

    def facts(self) -> dict[str, Any]:
        """What there is to know of the run before it is started."""
        command = command_of(self.recipe, self.name, self.device)
        return {
            "name": self.name,
            "command": command,
            "parameters": self.parameters,
            "epochs": self.recipe.config.epochs,
        }


def plan(asked: RunRequest, limits: Limits, shelf: Shelf) -> Plan:
    """The run that a request describes.

    Raises:
        UsageError: if it cannot be trained here, or is more than a run may cost.
    """
    from vae_core.models import DECIDED, MODELS, specify
    from vae_core.training.recipe import Recipe

    dataset = shelf.resolve(asked.dataset, asked.owner)
    for shape in set(DECIDED) & asked.options.keys():
        raise UsageError(
            f"The pictures of this page are grey and 28x28; {shape} cannot be chosen."
        )
    model = specify(asked.model, **asked.options)
    for option in asked.options.keys() - MODELS[asked.model].OPTIONS.keys():
        raise UsageError(
            f"{option} has no range, so it cannot be chosen on this page. For it there is "
            "`python -m vae_core train`."
        )
    config = settings_in(asked.config)
    if asked.model == "pca":
        config = replace(config, epochs=0)  # it is fitted in one go
    recipe = Recipe(model, dataset, "train", config)
    admission.check(recipe, limits)
    name = asked.name or record.default_name(recipe)
    return Plan(recipe, name, asked.device, size_of(recipe).parameters)


def settings_in(asked: dict[str, Any]) -> "TrainConfig":
    """The settings of a run; what is left out is at its default.

    Raises:
        UsageError: if there is no such setting, or it cannot have this value.
    """
    from vae_core.training.config import TrainConfig

    if "task" in asked:
        raise UsageError(
            "What is trained here draws its input again, so task cannot be chosen. For another one "
            "there is `python -m vae_core train --task`."
        )
    settings = read(_settings(), asked).model_dump()
    return TrainConfig(**{**settings, "noise": tuple(settings["noise"])})


@cache
def _settings() -> type[Request]:
    """A request with the fields of `TrainConfig`, their kinds and their ranges."""
    from vae_core.training.config import CONFIG_RANGES, TrainConfig

    kinds: dict[str, Any] = {}
    for field in fields(TrainConfig):
        low, high = CONFIG_RANGES.get(field.name, (None, None))
        kinds[field.name] = (type(field.default), Field(default=field.default, ge=low, le=high))
    noises = f"a list of up to {MOST_NOISES} kinds of noise"
    kinds["noise"] = (list[str], Field(default=[], max_length=MOST_NOISES, description=noises))
    del kinds["task"]
    return create_model("Settings", __base__=Request, **kinds)


def command_of(recipe: "Recipe", name: str, device: str = "auto") -> str:
    """The command line that does the same, with a file called after the run."""
    file = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "model"
    command = recipe.command(f"{file}.safetensors")
    return command if device == "auto" else f"{command} --device {device}"
