"""What small models make of a digit, what it costs them, and codes in fewer bits, by the library."""

from typing import Any, cast

import numpy as np
import torch
from torch import Generator

from playground.inference import costs as priced
from playground.inference import robustness as tried
from playground.inference.reconstruction import STRENGTHS, View, compare, finite, psnr_curves
from playground.wire.noise import Noise
from vae_core.evaluation.compression import dequantise, quantise, span_of
from vae_core.models import Autoencoder
from vae_core.models.base import GaussianLatents
from vae_core.training.checkpoints import Checkpoint
from vae_core.training.config import TrainConfig
from vae_core.training.recipe import Recipe

from . import packed
from .latents import drawn
from .linear import SHAPE, linear, weights_of

DIGIT = (255 * torch.rand(SHAPE[1:], generator=Generator().manual_seed(8))).byte().numpy()


def _checkpoint(name: str, model: Autoencoder) -> Checkpoint:
    return Checkpoint(name, model, cast(Recipe, TrainConfig()), {}, "", "")


def views() -> dict[str, Any]:
    """A digit with noise through models whose latents are points and clouds, and PSNR curves."""
    models = {
        "a point": linear(4, cloud=False),
        "a cloud": linear(3, cloud=True),
        "a long cloud": linear(20, cloud=True, seed=1),
    }
    checkpoints = [_checkpoint(name, model) for name, model in models.items()]
    cases = [
        (Noise("gaussian", 0.4, 5), None),
        (Noise("masking", 0.2, 6), 7),
        (Noise("occlusion", 0.0, 0), 2**31 - 1),
    ]
    return {
        "height": SHAPE[1],
        "width": SHAPE[2],
        "digit": packed(DIGIT),
        "models": {name: weights_of(model) for name, model in models.items()},
        "cases": [
            {
                "noise": noise._asdict(),
                "seed": seed,
                "noisy": packed(seen.noisy),
                "mse": seen.mse,
                "psnr": finite(seen.psnr_db),
                "views": dict(zip(models, map(_of_view, seen.views), strict=True)),
            }
            for noise, seed in cases
            for seen in [compare(DIGIT, noise, checkpoints, seed)]
        ],
        "strengths": STRENGTHS,
        "curves": {
            name: [finite(each) for each in curve]
            for name, curve in psnr_curves(DIGIT, cases[0][0], checkpoints).items()
        },
    }


def _of_view(view: View) -> dict[str, Any]:
    return {
        "picture": packed(view.picture),
        "code": packed(view.latents),
        "cloud": None if view.cloud is None else [packed(each) for each in view.cloud],
        "mse": view.mse,
        "psnr": finite(view.psnr_db),
        "active": view.active,
        "sampled": view.sampled,
    }


def costs() -> dict[str, Any]:
    """The costs of a digit with noise, and the map of a model of two numbers."""
    names = {"short": linear(3, cloud=True), "long": linear(20, cloud=True, seed=1)}
    models = cast(dict[str, GaussianLatents], names)
    noise = Noise("salt-and-pepper", 0.3, 4)
    found = priced.compared(list(models.values()), DIGIT, noise)
    return {
        "height": SHAPE[1],
        "width": SHAPE[2],
        "digit": packed(DIGIT),
        "noise": noise._asdict(),
        "picture": packed(found.picture),
        "floor": found.floor,
        "models": {
            name: {
                "model": weights_of(model),
                **{
                    key: packed(value) if isinstance(value, np.ndarray) else value
                    for key, value in cost._asdict().items()
                },
            }
            for (name, model), cost in zip(models.items(), found.costs, strict=True)
        },
    }


def bits() -> dict[str, Any]:
    """Codes in 8 bits, and what comes back."""
    codes = drawn(20, 5, seed=2)
    codes[:, 2] = 0.25  # a number that never changes
    span = span_of(codes[:15])
    steps = quantise(codes, span)
    return {
        "codes": packed(codes),
        "low": packed(span.low),
        "high": packed(span.high),
        "steps": packed(steps),
        "back": packed(dequantise(steps, span)),
    }


def robustness() -> dict[str, Any]:
    """Pictures scored, a digit cleaned of every noise, and sent through a model again and again."""
    models = {"a point": linear(4, cloud=False), "a cloud": linear(3, cloud=True)}
    pictures = (255 * torch.rand(4, *SHAPE[1:], generator=Generator().manual_seed(2))).byte()
    scored = {name: tried.scored(pictures.numpy(), model) for name, model in models.items()}
    found = tried.denoised(DIGIT, _checkpoint("", models["a point"]), 0.5, 3, "masking")
    return {
        "height": SHAPE[1],
        "width": SHAPE[2],
        "models": {name: weights_of(model) for name, model in models.items()},
        "pictures": packed(pictures),
        "scores": {
            name: {
                "error": each.error.tolist(),
                "nats": None if each.nats is None else each.nats.tolist(),
            }
            for name, each in scored.items()
        },
        "digit": packed(DIGIT),
        "kinds": {
            kind: {
                "noisy": packed(found.noisy[i]),
                "drawn": packed(found.drawn[i]),
                "before": found.before[i],
                "after": found.after[i],
            }
            for i, kind in enumerate(tried.KINDS)
        },
        "passes": [packed(each) for each in found.passes],
        "changes": found.changes,
    }
