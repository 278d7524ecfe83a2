"""Runs that teach something, one click each. All were tried: see that they still show it.

They take 6 to 30 seconds on `digits`, and up to a minute on MNIST, on one thread of a CPU.
"""

from typing import Any, NamedTuple


class Preset(NamedTuple):
    """One or two runs to watch, and what there is to see.

    Attributes:
        key: what a link calls it.
        runs: each with `name`, `model`, `options` and `config`.
        pace: the epochs and the batch size, by data set, the best one last.
    """

    key: str
    name: str
    sentence: str
    runs: tuple[dict[str, Any], ...]
    pace: dict[str, tuple[int, int]]


def run(name: str, model: str, options: dict[str, Any], **config: Any) -> dict[str, Any]:
    """One run of a preset."""
    return {"name": name, "model": model, "options": options, "config": config}


FLAT = {"latent_dim": 2}
SIXTEEN = {"latent_dim": 16}

PRESETS: tuple[Preset, ...] = (
    Preset(
        "map",
        "2-D map in a minute",
        "A digit in two numbers: watch the map unfold, and your own digit find its place. Then "
        "point anywhere.",
        (run("2-D map", "vae", FLAT),),
        {"digits": (60, 64), "mnist": (8, 256)},
    ),
    Preset(
        "conv",
        "Conv learns faster than fully connected",
        "Both have 16 numbers. Sliding windows know that neighbouring pixels belong together, so "
        "each epoch teaches them more, and takes longer.",
        (
            run("conv", "conv", {**SIXTEEN, "width": 16}),
            run("fully connected", "vanilla", SIXTEEN),
        ),
        {"digits": (20, 32)},  # on MNIST an epoch of it takes too long
    ),
    Preset(
        "holes",
        "Beta = 0: holes in the map",
        "With beta 0 nothing keeps the codes together: they drift apart, the rate grows, and most "
        "samples fall into the gaps. With beta 1 the map stays whole.",
        (run("beta 0", "vae", FLAT, beta=0.0), run("beta 1", "vae", FLAT)),
        {"digits": (60, 64), "mnist": (5, 256)},
    ),
    Preset(
        "collapse",
        "Beta too large: posterior collapse",
        "With beta 30 a code is too expensive. The rate falls to 0 and every digit becomes the "
        "same blur.",
        (run("beta 30", "vae", SIXTEEN, beta=30.0),),
        {"digits": (15, 64), "mnist": (2, 256)},
    ),
    Preset(
        "denoise",
        "Denoise",
        "It sees spoilt digits and must draw the clean ones, so it learns what a digit is and "
        "what is only noise.",
        (
            run(
                "denoising",
                "vanilla",
                {"latent_dim": 64, "depth": 1},
                noise=["gaussian"],
                noise_max=0.8,
            ),
        ),
        {"digits": (60, 32), "mnist": (4, 256)},
    ),
    Preset(
        "sparse",
        "Sparse: few units at a time",
        "The code has 128 units, and each that is used costs something. So every digit is put "
        "together from a few of them.",
        (run("sparse", "sparse", {"latent_dim": 128, "sparsity": 0.2}),),
        {"digits": (40, 32), "mnist": (3, 256)},
    ),
)


def facts() -> list[dict[str, Any]]:
    """The presets as the page needs them, each on the best data set that is present."""
    from vae_core.data import datasets

    found = []
    for preset in PRESETS:
        dataset = [name for name in preset.pace if datasets.present(name)][-1]
        runs = [_on(each, dataset, *preset.pace[dataset]) for each in preset.runs]
        facts = {"key": preset.key, "name": preset.name, "sentence": preset.sentence}
        found.append({**facts, "runs": runs})
    return found


def _on(each: dict[str, Any], dataset: str, epochs: int, batch: int) -> dict[str, Any]:
    config = {**each["config"], "epochs": epochs, "batch_size": batch}
    return {**each, "dataset": dataset, "config": config}
