"""Photographs and scans of digits: how many of each kind come out as the digit that was written.

    python benchmarks/photographs.py [--count 30] [--kind KIND ...] [--keep FOLDER]

Each photograph is drawn from a seed (`tests/support/photographs.py`), saved as a JPEG file, opened,
made a digit, and judged by the shipped classifier. The digits are MNIST's test digits where they are
in $VAE_DATA_DIR, and the page's examples in other hands where not.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.photographs import KINDS, Hand, as_jpeg, scene, written
from vae_core.data.drawings.digit import open_picture, to_digit
from vae_core.errors import UsageError
from vae_core.evaluation.classifier import load_classifier


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=30, help="photographs of each kind")
    parser.add_argument("--kind", nargs="*", default=list(KINDS), help="some kinds only")
    parser.add_argument("--keep", type=Path, help="a folder for the files that came out wrong")
    asked = parser.parse_args()
    classifier = load_classifier(next((ROOT / "checkpoints" / "classifier").glob("*.safetensors")))
    hands = _hands(asked.count)
    table = {}
    for kind in asked.kind:
        right, refused, seconds = 0, 0, []
        for seed, hand in enumerate(hands):
            file = as_jpeg(scene(kind, hand, seed))
            start = time.perf_counter()
            try:
                digit = to_digit(open_picture(file))
            except UsageError:
                digit, refused = np.zeros((28, 28), np.uint8), refused + 1
            seconds.append(time.perf_counter() - start)
            image = torch.from_numpy(digit)[None, None].float() / 255
            found = int(classifier(image).argmax())
            right += found == hand.label
            if asked.keep and found != hand.label:
                (asked.keep / f"{kind} {seed} {hand.label}.jpg").write_bytes(file)
        table[kind] = {"right": right, "refused": refused, "of": len(hands)}
        middle = 1000 * float(np.median(seconds))
        print(f"{kind:26} {right:3} of {len(hands)} right, {refused} refused, {middle:.0f} ms")
    print(json.dumps(table))


def _hands(count: int) -> list[Hand]:
    folder = Path(os.environ.get("VAE_DATA_DIR", "nowhere"), "MNIST", "raw")
    if not folder.is_dir():
        return [written(seed) for seed in range(count)]
    images, labels = (
        np.frombuffer((folder / f"t10k-{name}-ubyte").read_bytes(), np.uint8)
        for name in ("images-idx3", "labels-idx1")
    )
    images, labels = images[16:].reshape(-1, 28, 28), labels[8:]
    chosen = np.random.default_rng(0).permutation(len(images))[:count]
    return [Hand(int(labels[i]), _large(images[i])) for i in chosen]


def _large(image: np.ndarray) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.fromarray(image).resize((224, 224), Image.Resampling.BICUBIC))


if __name__ == "__main__":
    main()
