"""Which share of what a model draws is digits: from random codes, and on the way from digit to digit.

    python benchmarks/digits.py
    python benchmarks/digits.py --models plain-2 vae-2

Where docs/lecture.md says that so many of a hundred random codes, or of the frames
of a walk, are digits, it has it from here. What counts as one is in
`vae_core/evaluation/likeness.py`. The same numbers on every machine. Prints a table and, as the
last line, one JSON object.
"""

import argparse
import itertools
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from playground.inference.examples import examples
from playground.inference.images import as_images
from playground.inference.latent.interpolation import Walk, films, samples
from playground.store.models import Store
from vae_core.evaluation.likeness import distances

WALK = Walk(frames=24, path="straight", tour=False)  # as the page begins
FIRST = (0, 4)  # the pair that the page begins with


def main() -> None:
    store = Store()
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", nargs="+", default=["plain-2", "vanilla-2", "vae-2", "vanilla-32", "conv-32", "vae-20"], choices=store.names)  # fmt: skip
    parser.add_argument("--codes", type=int, default=1000, help="random codes of each model")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    drawn = samples(store, options.models, options.codes, 1.0, options.seed)
    random = {row.name: share(store, row.pictures) for row in drawn.rows}
    first, every = walks(store, options.models)
    print(f"{'share that is digits, %':<24} {'random codes':>12} {'walk 0 to 4':>12} {'all walks':>12}")  # fmt: skip
    for name in every:
        cells = [random.get(name), first[name], every[name]]
        print(f"{name:<24}" + "".join(f" {100 * cell:>12.1f}" if cell is not None else f" {'':>12}" for cell in cells))  # fmt: skip
    print(json.dumps({"random_codes": random, "walk_0_to_4": first, "walks": every}))


def share(store: Store, pictures: NDArray[np.uint8]) -> float:
    """Of these pictures, [n, h, w], the share that counts as digits."""
    classifier, known = store.likeness()
    return (
        (distances(classifier, as_images(pictures), known) <= known.limit).double().mean().item()
    )


def walks(store: Store, names: Sequence[str]) -> tuple[dict[str, float], dict[str, float]]:
    """The shares of the frames of the first walk, then of those of all pairs of examples, by model."""
    digits, labels = examples()
    picture = dict(reversed(list(zip(labels, digits, strict=True))))  # the first of each class
    models = [store.get(name) for name in names]
    shares = {
        pair: {
            row.name: share(store, row.pictures)
            for row in films(np.stack([picture[end] for end in pair]), WALK, models)
        }
        for pair in itertools.combinations(sorted(picture), 2)
    }
    every = {
        name: float(np.mean([found[name] for found in shares.values()])) for name in shares[FIRST]
    }
    return shares[FIRST], every


if __name__ == "__main__":
    main()
