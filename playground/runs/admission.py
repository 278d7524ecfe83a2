"""What may be trained here, whoever asks for it and wherever its recipe comes from."""

from typing import TYPE_CHECKING

from vae_core.errors import UsageError, check_range

from .cost import memory_of, size_of
from .downloads import offered
from .limits import Limits

if TYPE_CHECKING:
    from vae_core.training.recipe import Recipe

MOST_NOISES = 16


def check(recipe: "Recipe", limits: Limits) -> None:
    """Refuses a new run that the page does not train, or that costs too much.

    Raises:
        UsageError: if its pictures are not here, it is of another kind than the page shows, or it
            is beyond a limit.
    """
    from vae_core.data import datasets

    _check_kind(recipe)
    if recipe.dataset in datasets.DATASETS:
        _check_shown(recipe.dataset)
    if recipe.dataset in datasets.DATASETS and not datasets.present(recipe.dataset):
        raise UsageError(
            f"The data set '{recipe.dataset}' is not on this server yet. Get it first, or choose "
            "'digits', which is always here."
        )
    check_cost(recipe, limits)


def _check_shown(name: str) -> None:
    from vae_core.data.classes import MOST_CLASSES
    from vae_core.data.datasets import DATASETS

    if name not in offered():
        known = DATASETS[name]
        raise UsageError(
            f"The images of '{name}' are {'x'.join(map(str, known.shape))} (channels x height x width) in "
            f"{len(known.classes)} classes, and this page shows grey ones of 28x28 in up to {MOST_CLASSES}. "
            "For it there is `python -m vae_core train`."
        )


def check_cost(recipe: "Recipe", limits: Limits) -> None:
    """Refuses a run that costs too much.

    Raises:
        UsageError: if it is beyond a limit, or its pictures are gone.
    """
    from vae_core.data import datasets

    images = datasets.count(recipe.dataset)
    limits.check(
        size_of(recipe).parameters, images * recipe.config.epochs, memory_of(recipe, images)
    )


def _check_kind(recipe: "Recipe") -> None:
    from vae_core.models import DECIDED, MODELS, specify

    config = recipe.config
    if config.task != "same":
        raise UsageError(
            f"What is trained here draws its input again, so the task '{config.task}' cannot be "
            "trained. For it there is `python -m vae_core train --task`."
        )
    if recipe.model.name != "pca":  # which is fitted in one go
        check_range("epochs", config.epochs, 1, 100_000, whole=True)
    if len(config.noise) > MOST_NOISES:
        raise UsageError(
            f"A run may have {MOST_NOISES} kinds of noise; this one has {len(config.noise)}."
        )
    usual, bounds = specify(recipe.model.name).options, MODELS[recipe.model.name].OPTIONS
    for option, value in recipe.model.options.items():
        if option not in (*bounds, *DECIDED) and value != usual[option]:
            raise UsageError(
                f"{option} has no range, so it cannot be chosen on this page. For it there is "
                "`python -m vae_core train`."
            )
