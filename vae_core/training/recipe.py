"""A recipe: everything it takes to train a model again, as plain data."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from shlex import quote
from typing import Any

from ..data.datasets import SPLITS, check_dataset
from ..data.tasks import TASKS
from ..errors import UsageError, check_name
from ..models import DECIDED, MODELS, ModelSpec, specify
from .config import TrainConfig


@dataclass(frozen=True)
class Recipe:
    """A model, the images it learns from, and how. Checked when made.

    How many channels the model draws is what the task asks for, whatever its options say.

    Raises:
        UsageError: if the model, its options, the data set or the split is not valid, or the model
            cannot draw what the task asks for.
    """

    model: ModelSpec
    dataset: str = "mnist"
    split: str = "train"
    config: TrainConfig = field(default_factory=TrainConfig)

    def __post_init__(self) -> None:
        object.__setattr__(self, "model", _drawing_for(self.config.task, self.model))
        check_dataset(self.dataset)
        check_name("split", self.split, SPLITS)
        if self.split in ("validation", "test"):
            raise UsageError(f"Models train on 'train' or 'all', not on '{self.split}'.")

    @property
    def held_out(self) -> str:
        """The split that this recipe never trains on."""
        return "validation" if self.split == "train" else "test"

    def to_plain(self) -> dict[str, Any]:
        """Nested dicts of strings and numbers, for JSON."""
        plain = asdict(self)
        plain["model"] = {"name": self.model.name, "options": self.model.options}
        return plain

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Recipe":
        """The recipe that `to_plain` spelt out.

        Raises:
            UsageError: if a value is not valid.
        """
        config = dict(plain["config"])
        config["noise"] = tuple(config["noise"])
        model = ModelSpec(plain["model"]["name"], plain["model"]["options"])
        return cls(model, plain["dataset"], plain["split"], TrainConfig(**config))

    def command(self, out: str) -> str:
        """The command line that trains it, less what is at its default.

        Example:
            >>> recipe = Recipe(ModelSpec("vae", {"latent_dim": 2}), config=TrainConfig(beta=4.0))
            >>> recipe.command("mine.safetensors")
            'python -m vae_core train vae --latent-dim 2 --beta 4.0 --out mine.safetensors'
        """
        words = ["python -m vae_core train", self.model.name]
        usual, readers = specify(self.model.name).options, option_readers()
        for option, value in self.model.options.items():
            if option in readers and value != usual[option]:
                text = json.dumps(value) if readers[option] is from_json else str(value)
                # What looks like a flag is a value only behind an equals sign.
                words.append(f"{flag(option)}{'=' if text[:1] == '-' else ' '}{quote(text)}")
        for name, value, default in (
            ("data", quote(self.dataset), "mnist"),
            ("split", self.split, "train"),
            *((f.name, getattr(self.config, f.name), f.default) for f in fields(TrainConfig)),
        ):
            if value != default:
                shown = " ".join(value) if isinstance(value, tuple) else value
                words.append(f"{flag(name)} {shown}")
        return " ".join([*words, f"--out {out}"])


def _drawing_for(task: str, model: ModelSpec) -> ModelSpec:
    """The model with an output that has as many channels as the targets of the task."""
    spec, channels = specify(model.name, **model.options), TASKS[task].channels
    if "out_channels" in spec.options:
        return specify(spec.name, **spec.options | {"out_channels": channels})
    if channels not in (None, spec.options["image_shape"][0]):
        raise UsageError(
            f"The task '{task}' asks for pictures of {channels} channels, and '{spec.name}' draws "
            "as many as it sees. Choose 'conv'."
        )
    return spec


def differences(recipes: list[Recipe]) -> list[dict[str, Any]]:
    """The settings of each recipe that are not the same in all, by name: {"beta": 4.0}.

    What only some models have, such as a sparsity, is left out for the others.
    """
    every = [_flat(recipe) for recipe in recipes]
    names = dict.fromkeys(name for one in every for name in one)
    varied = [name for name in names if any(one.get(name) != every[0].get(name) for one in every)]
    return [{name: one[name] for name in varied if name in one} for one in every]


def _flat(recipe: Recipe) -> dict[str, Any]:
    plain = recipe.to_plain()
    model, config = plain.pop("model"), plain.pop("config")
    return {"model": model["name"], **model["options"], **plain, **config}


def option_bounds(option: str) -> str:
    """The bounds of an option in words, "1 to 512"; empty if it has none. Models may have their own."""
    found: dict[str, list[str]] = {}
    for name, model in MODELS.items():
        if option in specify(name).options and option in model.OPTIONS:
            found.setdefault(str(model.OPTIONS[option]), []).append(name)
    if len(found) < 2:
        return next(iter(found), "")
    return "; ".join(f"{bounds} of {', '.join(names)}" for bounds, names in found.items())


def option_readers() -> dict[str, Callable[[str], Any]]:
    """The readers of a flag's words, for every option that somebody may choose."""
    readers: dict[str, Callable[[str], Any]] = {}
    for name in MODELS:
        for option, default in specify(name).options.items():
            kind = type(default)
            reader = kind if kind in (int, float, str) else from_json
            # Models that disagree about an option get what was written, read as plain data.
            same_reader = readers.setdefault(option, reader) is reader
            readers[option] = reader if same_reader else from_json
    return {option: reader for option, reader in readers.items() if option not in DECIDED}


def from_json(text: str) -> Any:
    """The value that a text is of: true, null, [1, 2], 0.5; the text itself if it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def flag(name: str) -> str:
    """The flag of an option on the command line."""
    return "--" + name.replace("_", "-")
