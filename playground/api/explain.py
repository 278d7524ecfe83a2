"""What the figures of the Learn tab compute: costs, gradients, activations, other tasks, holes."""

import math
from typing import Any

import numpy as np
from gradio.data_classes import FileData
from numpy.typing import NDArray

from vae_core.errors import check_range

from ..live import activations as layers
from ..live import colour as tasks
from ..live import costs as costing
from ..live import loss
from ..live import map as maps
from ..query import parse_models
from ..request import ModelName, Request, read
from ..store import Store
from .endpoint import Route, ask, ask_parts
from .files import SIDE, digit_of, digits_of, grid


class ModelRequest(Request):
    """One model."""

    model: ModelName


CLEAN = {
    "kind": "gaussian",
    "strength": 0,
    "seed": 0,
}  # /corrupt spoils a digit, if that is wanted


def costs(
    store: Store, digit: str, models: list[str], scale: int = 4
) -> tuple[dict[str, Any], FileData]:
    """What each of up to 8 variational models pays for a digit: distortion and rate, in nats.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        models: names of variational models, or of the maps at different beta, such as beta-4.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        the costs model by model; of each number of a code its rate, mean and standard deviation
        `floor` is the cross-entropy, in nats, of a perfect reconstruction
        a PNG of the digit, then what each model draws of the mean of its code
    """
    about, body = _asked(costing.costs, store, digit, {"models": models, "noise": CLEAN})
    found, numbers = _split(body, 1 + len(about["models"]))
    at = 0
    for model in about["models"]:
        size = model.pop("code")
        rates, mean, spread = numbers[at : at + 3 * size].reshape(3, size).tolist()
        model.update(rates=rates, mean=mean, standard_deviation=spread)
        at += 3 * size
    return about, grid(found, scale)


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
    names = parse_models([model], store)
    if epsilon is None:
        epsilon = [0.0] * loss.gaussian(names, store)[1].latent_dim
    header = {"models": names, "noise": CLEAN, "epsilon": epsilon}
    about, body = _asked(loss.loss, store, digit, header)
    found, numbers = _split(body, 2)
    size = about.pop("code")
    named = zip(loss.NUMBERS, numbers.reshape(-1, size).tolist(), strict=True)
    return {**about, **dict(named)}, grid(found, scale)


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
    about, body = _asked(layers.activations, store, digit, {"model": model, "noise": CLEAN})
    stages = about["stages"]
    found = _values(stages, body[SIDE**2 :])
    if stage is not None:
        check_range("stage", stage, 0, len(stages) - 1, whole=True)
    pair = np.frombuffer(body[: SIDE**2] + body[-(SIDE**2) :], np.uint8).reshape(1, 2, SIDE, SIDE)
    values = None if stage is None else found[stage].tolist()
    return {"stages": stages, "values": values}, grid(pair, scale)


def colour(store: Store, digit: str, scale: int = 4) -> tuple[dict[str, Any], FileData]:
    """A digit painted in the colours of the classes that a model takes it for.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        the colour as red, green and blue from 0 to 255, the class whose colour is nearest, the
        shares in which the colours of three classes mix to it, and the colours of all classes
        a PNG of the painted digit
    """
    about, body = _asked(tasks.colour, store, digit, {"strength": 0, "seed": 0})
    painted = np.frombuffer(body, np.uint8, 3 * SIDE**2, SIDE**2).reshape(1, 1, SIDE, SIDE, 3)
    keys = ("colour", "nearest", "shares", "classes")
    return {key: about[key] for key in keys}, grid(painted, scale)


def segment(
    store: Store, digit: str, strength: float = 0.5, seed: int = 0, scale: int = 4
) -> tuple[dict[str, Any], FileData]:
    """A digit found in front of a cluttered background, by a model and by the best threshold.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        strength: of the clutter, from 0 (none) to 1.
        seed: a whole number that the clutter is drawn from.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        the IoU (intersection over union) of the model, and the level, 0 to 1, and IoU of the
        threshold that suits this picture best
        a PNG of the digit over clutter, how sure the model is of each pixel that it is stroke, the
        true stroke, the stroke by the model, and the stroke by the threshold
    """
    about, body = _asked(tasks.colour, store, digit, {"strength": strength, "seed": seed})
    found = np.frombuffer(body, np.uint8, offset=4 * SIDE**2).reshape(1, -1, SIDE, SIDE)
    return {key: about[key] for key in ("iou", "threshold")}, grid(found, scale)


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
    return ask(maps.holes_of, store, {"model": model})


def _asked(
    route: Route, store: Store, digit: Any, header: dict[str, Any]
) -> tuple[dict[str, Any], bytes]:
    """The answer of a live route that takes a drawing."""
    size = {"width": SIDE, "height": SIDE, "digit": True}
    return ask_parts(route, store, {**header, **size}, digit_of(digit).tobytes())


def _split(body: bytes, count: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """So many pictures, [1, count, h, w], and the numbers after them."""
    end = count * SIDE**2
    pictures = np.frombuffer(body, np.uint8, end).reshape(1, count, SIDE, SIDE)
    return pictures, np.frombuffer(body, "<f4", offset=end)


def _values(stages: list[dict[str, Any]], body: bytes) -> list[NDArray[np.float32]]:
    """What each of the stages of live/activations puts out."""
    found, at = [], 0
    for stage in stages:
        kind, unit = {"code": ("<f4", 1.0), "picture": ("u1", 1 / 255)}.get(
            stage["part"], ("i1", stage.get("most", 0) / 127)
        )
        values = np.frombuffer(body, kind, math.prod(stage["shape"]), at)
        found.append(values * np.float32(unit))
        at += values.nbytes
    return found


ENDPOINTS = (costs, gradients, activations, colour, segment, anomaly, holes)
