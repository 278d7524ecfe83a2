"""What was measured ahead: the shipped models, and the models of the Learn tab."""

from typing import Any

import numpy as np

from vae_core.data.palette import CLASS_COLOUR_WORDS, CLASS_COLOURS
from vae_core.errors import check_name

from ..store import measured as tables
from ..store.models import Store
from ..styles import MARKS
from ..wire.animation import sprite
from ..wire.packing import pack
from .fact import Fact, Subjects, models


def measured(store: Store) -> dict[str, Any]:
    """The numbers of `checkpoints/metrics.json` by model.

    Raises:
        UsageError: if they are not there, or damaged.
    """
    return {"models": tables.shipped(store)}


def race(store: Store) -> bytes:
    """The curves of the race, and what each run made of ten digits at its snapshots.

    For each of the `runs` the header has its name, the `kind` of its model, its parameters, what
    it ran on, the epochs of its `snapshots`, and a line for each epoch: its number, the seconds
    so far, and the four quantities of `nats`. The body is the ten digits, and then those of each run and snapshot,
    a byte a pixel.

    Raises:
        UsageError: if the race was not run, or its files are damaged.
    """
    found = tables.race(store)
    count, side = found.originals.shape[:2]
    header = {"side": side, "count": count, "nats": list(tables.NATS), "runs": found.runs}
    drawn = b"".join(each.tobytes() for each in found.drawn.values())
    return pack(header, found.originals.tobytes() + drawn)


def sizes(store: Store) -> bytes:
    """What every size of code came to on the test images, and what is there to feed instead.

    `models` are what runs: a smaller PCA is a larger one whose last latents are 0. `spans` are the
    lowest and highest of each latent on the training images. The body has the pictures of the `subjects`, 28x28 bytes each.

    Raises:
        UsageError: if the numbers of the experiments are missing or damaged.
    """
    from vae_core.experiments.catalogue import NUMBERS, SIZED, file_of

    from ..inference.compression import FORMATS, KINDS
    from ..inference.non_digits import subjects

    table = tables.learn(store)

    about = {
        "numbers": NUMBERS,
        "images": table["n_images"],
        "formats": FORMATS,
        "kinds": [
            {
                "name": kind,
                "label": look.label,
                "colour": look.colour,
                "mark": MARKS[look.mark],
                "symbol": look.mark,
                "mse": {
                    "float": [table["models"][SIZED[kind][k]]["mse"] for k in NUMBERS],
                    "byte": [table["models"][SIZED[kind][k]]["mse_8bit"] for k in NUMBERS],
                },
                "models": [file_of(store.experiments, SIZED[kind][k]).stem for k in NUMBERS],
                "spans": [table["models"][SIZED[kind][k]]["span"] for k in NUMBERS],
                "parameters": [table["models"][SIZED[kind][k]]["parameters"] for k in NUMBERS],
            }
            for kind, look in KINDS.items()
        ],
        "files": table["files"],
        "subjects": [{"name": one.name, "label": one.label} for one in subjects()],
    }
    return pack(about, b"".join(one.picture.tobytes() for one in subjects()))


def kinds(store: Store, model: str) -> dict[str, Any]:
    """All kinds of noise, and whether the model called so has met them in training.

    Raises:
        UsageError: if the model is not known.
    """
    from ..inference.robustness import KINDS

    met = store.get(model).recipe.config.noise
    return {
        "kinds": [
            {"name": name, "label": kind.label, "meaning": kind.meaning, "met": name in met}
            for name, kind in KINDS.items()
        ]
    }


def tasks(store: Store) -> dict[str, Any]:
    """The colour of each class with its name in words, and what was measured of both tasks' models."""
    from ..inference.tasks import COLOURER, SEGMENTER

    pairs = zip(CLASS_COLOURS, CLASS_COLOUR_WORDS, strict=True)
    return {
        "classes": [{"colour": colour, "words": words} for colour, words in pairs],
        "measured": tables.tasks(store, COLOURER, SEGMENTER),
    }


def betas(store: Store) -> dict[str, Any]:
    """The maps by rising beta, with their rate and distortion on MNIST's test images, in nats.

    Raises:
        UsageError: if they were not trained.
    """
    images, maps = tables.betas(store)
    return {"images": images, "maps": [each._asdict() for each in maps]}


def beta_map(store: Store, model: str) -> bytes:
    """The space of two latents of the `model` called so, and the clouds of the example digits.

    `half` is half a side of the square around 0 that is shown, and `dead` says of each latent
    whether it tells next to nothing of an example. The body is the means of all clouds
    and their standard deviations as float32, and then the sheet as a WebP, up being up.

    Raises:
        UsageError: if no map is called so.
    """
    from vae_core.experiments.catalogue import BETA_FAMILY

    from ..inference.costs import beta_map
    from ..inference.examples import examples

    check_name("map", model, BETA_FAMILY)
    found = beta_map(store, model)
    about = {
        "half": found.half,
        "labels": examples().labels,
        "rates": found.rates.tolist(),
        "dead": found.dead.tolist(),
    }
    clouds = np.stack([found.mean, found.std]).astype("<f4").tobytes()
    return pack(about, clouds + sprite(found.tiles))


def _betas(_: Store) -> Subjects:
    from vae_core.experiments.catalogue import BETA_FAMILY

    return [(name,) for name in BETA_FAMILY]


FACTS: tuple[Fact, ...] = (
    Fact("measured", measured),
    Fact("race", race),
    Fact("compression", sizes),
    Fact("kinds", kinds, about=1, subjects=models),
    Fact("tasks", tasks),
    Fact("betas", betas),
    Fact("beta-map", beta_map, about=1, slow=True, subjects=_betas),
)
