"""Samples of one decoder under several priors: how far they are, as a whole, from real digits.

    python benchmarks/priors.py [--model vae-20] [--samples 10000]

Fits each prior to draws from the posteriors of MNIST's 60,000 training images, decodes its samples, and prints the
Frechet distance of their features, those of the digit classifier, from the training images'. Beside
them stand the test images and their reconstructions. Needs MNIST in $VAE_DATA_DIR. The last line is
one JSON object.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import torch
from torch import Generator, Tensor

from vae_core import load_checkpoint
from vae_core.data import load
from vae_core.evaluation.classifier import load_classifier
from vae_core.evaluation.frechet import frechet_distance, picture_moments
from vae_core.latent.priors.diffusion import fit_diffusion
from vae_core.latent.priors.mixture import fit_mixture
from vae_core.models import Autoencoder, inference
from vae_core.types import to_floats

COMPONENTS = (1, 10, 100)
SEED = 0


@torch.inference_mode()
def drawn_latents(model: Autoencoder, images: Tensor) -> Tensor:
    """One draw from the posterior of each image."""
    generator = Generator().manual_seed(SEED)
    return torch.cat(
        [model.sample_latents(part, generator).latents for part in images.split(1000)]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="vae-20", help="a checkpoint of a VAE")
    parser.add_argument("--samples", type=int, default=10_000)
    asked = parser.parse_args()
    model = load_checkpoint(ROOT / "checkpoints" / f"{asked.model}.safetensors").model
    classifier = load_classifier(ROOT / "checkpoints" / "classifier" / "classifier.safetensors")
    training, test = (to_floats(load("mnist", split).images) for split in ("all", "test"))
    real = picture_moments(classifier, training)
    latents = drawn_latents(model, training).clone()

    def sampled(latents: Tensor) -> Tensor:
        return inference.decode(model, latents)

    def generator() -> Generator:
        return Generator().manual_seed(SEED)

    count = asked.samples
    makers: dict[str, Callable[[], Tensor]] = {
        "test images": lambda: test,
        "their reconstructions": lambda: inference.reconstruct(model, test),
        "N(0, I)": lambda: sampled(model.sample_prior(count, generator())),
        **{
            f"mixture of {k}": lambda k=k: sampled(
                fit_mixture(latents, k, SEED).sample(count, generator())
            )
            for k in COMPONENTS
        },
        "diffusion": lambda: sampled(fit_diffusion(latents, seed=SEED).sample(count, generator())),
    }
    found = {}
    print(f"{asked.model}, {count:,} samples of each prior; distance from the training images")
    for name, make in makers.items():
        began = time.monotonic()
        distance = frechet_distance(picture_moments(classifier, make()), real)
        found[name] = round(distance, 2)
        print(f"{name:>22} {distance:9.2f} {time.monotonic() - began:7.0f} s", flush=True)
    print(json.dumps({"benchmark": "priors", "model": asked.model, "distance": found}))


if __name__ == "__main__":
    main()
