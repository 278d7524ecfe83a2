"""What every shipped model makes of a few digits, and the gradients through some, by the library."""

from pathlib import Path
from typing import Any

import torch

from playground.inference.examples import examples
from playground.inference.images import as_images, as_pictures
from vae_core.evaluation import classifier, likeness
from vae_core.interpret.activations import Stage, stage_outputs, unit_effect, unit_gradient
from vae_core.interpret.gradients import trace
from vae_core.models import Autoencoder, GaussianLatents
from vae_core.models.layers import layers
from vae_core.training.checkpoints import load_checkpoint

from . import packed

CHECKPOINTS = Path(__file__).parents[3] / "checkpoints"
DIGITS = (3, 8, 14)  # of the examples
SOME = 40  # numbers of a stage, evenly spread
UNITS = {  # a stage and a unit of it, in the encoder, the latents and the decoder
    "denoising-64": ((0, 5), (1, 3000), (5, 7), (6, 11), (8, 1500)),
    "vae-20": ((0, 5), (1, 30), (2, 3), (3, 11)),
    "pca-32": ((0, 3),),
    "sparse-256": ((0, 9), (1, 3)),
}
TRACES = (("vae-20", 1.0, "bernoulli"), ("conv-vae-2", 4.0, "gaussian"))


def models() -> dict[str, Any]:
    """The layers of every shipped model, and what it makes of some digits."""
    images = _images()
    found: dict[str, Any] = {"digits": packed(as_pictures(images))}
    for path in sorted(CHECKPOINTS.glob("*.safetensors")):
        found[path.stem] = _passed(load_checkpoint(path).model, images)
    network = classifier.load_classifier(CHECKPOINTS / "classifier" / "classifier.safetensors")
    chances = classifier.class_probabilities(network, images)
    known = likeness.load_likeness(CHECKPOINTS / "classifier" / "digits.npz")
    return {
        **found,
        "classifier": {
            "layers": classifier.layers(network),
            "chances": packed(chances),
            "features": packed(likeness.features(network, images)),
            "unlike": packed(
                likeness.distances(network, images, known._replace(features=known.features[:50]))
            ),
            "known": {
                "count": 50,
                "size": known.features.shape[1],
                "k": likeness.K,
                "scale": known.scale,
                "limit": known.limit,
                "features": packed(known.features[:50]),
            },
        },
    }


def gradients() -> dict[str, Any]:
    """What excites units and what they draw, and the gradients of the loss."""
    image = _images()[:1]
    found: dict[str, Any] = {}
    for name, units in UNITS.items():
        model = load_checkpoint(CHECKPOINTS / f"{name}.safetensors").model
        parts = [stage.part for stage in stage_outputs(model, image)]
        found[name] = [_unit(model, image, parts[stage], stage, unit) for stage, unit in units]
    traces = [_trace(*each, image) for each in TRACES]
    return {**found, "traces": traces}


def _images() -> torch.Tensor:
    return as_images(examples().pictures[list(DIGITS)])


@torch.inference_mode()
def _passed(model: Autoencoder, images: torch.Tensor) -> dict[str, Any]:
    latents = model.encode(images)
    found: dict[str, Any] = {
        "layers": layers(model),
        "latents": packed(latents),
        "pictures": packed(as_pictures(model.decode(latents))),
        "stages": [_stage(stage) for stage in stage_outputs(model, images[:1])],
    }
    if isinstance(model, GaussianLatents):
        found["log_var"] = packed(model.posterior(images).log_var)
    if model.classes:
        found["told"] = _told(model, images)
    return found


def _told(model: Autoencoder, images: torch.Tensor) -> dict[str, Any]:
    """The latents of the digits told some classes, and what is drawn of them as others."""
    labels = torch.tensor(DIGITS) % model.classes
    latents = model.told(labels).encode(images)
    pictures = as_pictures(model.told(labels.flip(0)).decode(latents))
    return {"labels": labels.tolist(), "latents": packed(latents), "pictures": packed(pictures)}


def _stage(stage: Stage) -> dict[str, Any]:
    values = stage.values[0].flatten()
    places = torch.linspace(0, len(values) - 1, SOME).long()
    return {
        "part": stage.part,
        "kind": stage.kind,
        "shape": list(stage.values.shape[1:]),
        "weights": stage.weights,
        "some": packed(values[places]),
    }


def _unit(
    model: Autoencoder, image: torch.Tensor, part: str, stage: int, unit: int
) -> dict[str, Any]:
    found: dict[str, Any] = {"stage": stage, "unit": unit}
    if part != "decoder":
        found["excites"] = packed(unit_gradient(model, image, stage, unit))
    if part != "encoder":
        found["draws"] = packed(unit_effect(model, model.encode(image), stage, unit, 1.5))
    return found


def _trace(name: str, beta: float, likelihood: str, image: torch.Tensor) -> dict[str, Any]:
    model = load_checkpoint(CHECKPOINTS / f"{name}.safetensors").model
    assert isinstance(model, GaussianLatents)
    noise = torch.randn(1, model.latent_dim, generator=torch.Generator().manual_seed(1))
    found = trace(model, image, noise, beta, likelihood)._asdict()
    about = {"name": name, "beta": beta, "likelihood": likelihood, "noise": packed(noise)}
    plain = {
        key: packed(each) if isinstance(each, torch.Tensor) else each
        for key, each in found.items()
    }
    return {**about, "trace": plain}
