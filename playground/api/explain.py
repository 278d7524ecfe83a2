"""What the figures of the Learn tab compute: costs, gradients, activations, holes."""

from typing import TYPE_CHECKING, Any

import numpy as np
from gradio import FileData
from numpy.typing import NDArray

from vae_core.errors import check_range

from ..inference.latent.requests import ModelRequest
from ..store.models import Store
from ..wire.request import Epsilon, GaussianNames, Request, read
from .files import SIDE, digit_of, digits_of, grid

if TYPE_CHECKING:
    from ..inference.activations import Stage
    from ..wire.noise import Noise


SUMMED = ("distortion", "rate", "cross_entropy", "squared_error")  # over the pixels


class CostsRequest(Request):
    """Which variational models pay for a digit."""

    models: GaussianNames


class StageRequest(ModelRequest):
    """A model, and the stage of it that all values are wanted of."""

    stage: int | None


class GradientsRequest(ModelRequest):
    """A variational model, and the noise that its code is drawn with."""

    epsilon: Epsilon | None


def costs(
    store: Store, digit: str, models: list[str], scale: int = 4
) -> tuple[dict[str, Any], FileData]:
    """What each of up to 8 variational models pays for a digit: distortion and rate, in nats.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        models: names of variational models, or of the maps at different beta, such as beta-4.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        the costs model by model, summed over the pixels and as `per_pixel`, which tutorials show;
        of each number of a code its rate, mean and standard deviation
        `floor` is the cross-entropy, in nats, of a perfect reconstruction
        a PNG of the digit, then what each model draws of the mean of its code
    """
    asked = read(CostsRequest, {"models": models}, store)
    found = digit_of(digit)
    from ..inference.costs import compared, gaussian

    seen = compared([gaussian(store, name) for name in asked.models], found, _clean())
    told = [
        {
            "name": name,
            "distortion": each.distortion,
            "rate": each.rate,
            "cross_entropy": each.cross_entropy,
            "squared_error": each.squared_error,
            "per_pixel": {name: getattr(each, name) / SIDE**2 for name in SUMMED},
            "rates": each.rates.tolist(),
            "mean": each.mean.tolist(),
            "standard_deviation": each.std.tolist(),
        }
        for name, each in zip(asked.models, seen.costs, strict=True)
    ]
    pictures = np.stack([seen.picture, *(each.picture for each in seen.costs)])
    about = {"side": SIDE, "floor": seen.floor, "models": told}
    return about, grid(pictures[None], scale)


def gradients(
    store: Store, digit: str, model: str, epsilon: list[float] | None = None, scale: int = 4
) -> tuple[dict[str, Any], FileData]:
    """One digit from the encoder to the loss, and the gradients of the loss on their way back.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        model: the name of a variational model, such as vae-2.
        epsilon: the noise of the code, -10 to 10, a number for each of its; none for all zeros.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        loss = distortion + beta * rate in nats, and the length of its gradient by the logits, push
        mean, log_var, code, rates, gradients: a number each for each of the code
        by_… is what comes through the code, rate_by_… through the rate; drawn_by_… is what would
        come if the same code were drawn by dice within the network
        a PNG of the digit and of what the model draws
    """
    asked = read(GradientsRequest, {"model": model, "epsilon": epsilon}, store)
    found = digit_of(digit)
    from ..inference.costs import gaussian, gradients

    network, config = gaussian(store, asked.model), store.get(asked.model).recipe.config
    noise = [0.0] * network.latent_dim if asked.epsilon is None else asked.epsilon
    seen = gradients(network, found, _clean(), noise, config)
    about = {
        "side": SIDE,
        "beta": config.beta,
        "distortion": seen.distortion,
        "rate": seen.rate,
        "loss": seen.loss,
        "push": seen.push,
    }
    numbers = {name: each.tolist() for name, each in seen.numbers.items()}
    return {**about, **numbers}, grid(seen.pictures[None], scale)


def activations(
    store: Store, digit: str, model: str, stage: int | None = None, scale: int = 4
) -> tuple[dict[str, Any], FileData]:
    """What every layer of a model puts out for a digit.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        model: a model's name; /models lists them.
        stage: which of the layers to give all values of, counted from 0; none for no values.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        the stages: encoder, code, decoder, picture; kind, shape, number of weights, largest value
        the values of the stage asked for, in a row: exact of the code, of others to 1 in 127 of
        the largest, of the picture to 1 in 255
        a PNG of the digit and of its reconstruction
    """
    asked = read(StageRequest, {"model": model, "stage": stage}, store)
    found = digit_of(digit)
    from ..inference.activations import grey, stages
    from ..inference.reconstruction import noisy_image

    seen = stages(store.get(asked.model).model, noisy_image(found, _clean()))
    if asked.stage is not None:
        check_range("stage", asked.stage, 0, len(seen) - 1, whole=True)
    told = [_told(each) for each in seen]
    about = [facts for facts, _ in told]
    values = None if asked.stage is None else told[asked.stage][1].flatten().tolist()
    return {"stages": about, "values": values}, grid(
        np.stack([found, grey(seen[-1])])[None], scale
    )


def anomaly(
    store: Store, digits: list[str], model: str, scale: int = 4
) -> tuple[dict[str, Any], FileData]:
    """How strange each of up to 16 pictures is to a model; more is stranger.

    Arguments:
        digits: pictures in base64, data: URLs of /digit or /draw, or names of examples.
        model: a model's name; /models lists them.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        error, the squared error per pixel of each reconstruction, white being 1
        nats, minus the ELBO of each picture; null for a model without a prior
        a PNG with the pictures above what the model draws of them
    """
    found = digits_of(digits)
    asked = read(ModelRequest, {"model": model}, store)
    from ..inference.robustness import scored

    seen = scored(found, store.get(asked.model).model)
    nats = None if seen.nats is None else seen.nats.tolist()
    about = {"error": seen.error.tolist(), "nats": nats}
    return about, grid(np.stack([found, seen.drawn]), scale)


def holes(store: Store, model: str) -> dict[str, Any]:
    """Empty places in a space of two numbers that decode to what is no digit.

    Arguments:
        model: a model's name, one whose code has two numbers, such as vae-2.

    Returns:
        places, and for each the chance of the class that a digit classifier finds likeliest
        outline, the corners of the convex hull of the codes
        near, how far the nearest code is at least from an empty place
        empty and share: how much of the area is empty, and how much is a hole, 0 to 1
    """
    asked = read(ModelRequest, {"model": model}, store)
    from ..inference.latent.map_layers import holes

    return {"model": asked.model, **holes(store, asked.model).as_lists()}


def _told(stage: "Stage") -> tuple[dict[str, Any], NDArray[Any]]:
    """What a stage is, and what it puts out, to as many digits as /activations promises."""
    from ..inference.activations import grey, signed

    about = {
        "part": stage.part,
        "kind": stage.kind,
        "shape": list(stage.values.shape),
        "weights": stage.weights,
    }
    if stage.part == "code":
        return about, stage.values
    if stage.part == "picture":
        return about, grey(stage) * np.float32(1 / 255)
    coarse = signed(stage.values)
    return {**about, "most": coarse.most}, coarse.steps * np.float32(coarse.most / 127)


def _clean() -> "Noise":
    """No noise: /corrupt spoils a digit, if that is wanted."""
    from ..wire.noise import Noise

    return Noise("gaussian", 0, 0)


ENDPOINTS = (costs, gradients, activations, anomaly, holes)
