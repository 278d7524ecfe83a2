"""The drawing on its way through a model: every layer's activations, and what each unit stands for."""

from typing import TYPE_CHECKING, Any

import numpy as np

from vae_core.errors import UsageError

from ..query import parse
from ..store import Store
from ..wire import pack, unpack
from .answer import LARGEST_DRAWING, Answer
from .codes import known_codes, whole_number

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.interpret.activations import Stage
    from vae_core.models import Autoencoder
    from vae_core.types import Images

FURTHEST = 8  # pixels that a picture is moved
MOST_STAGES = 64  # far more than a model has
MOST_UNITS = 2**24


def activations(message: bytes, store: Store) -> bytes:
    """What every layer of one model puts out for the drawing.

    The message is as that of `reconstruct`, but names one `model`. The body of the reply is the
    picture that the model sees, a byte a pixel, and then each of the `stages`: the code as
    float32, the reconstruction as bytes, the others as signed bytes of which 127 means `most`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from vae_core.interpret.activations import stage_outputs

    header, ink = unpack(message)
    _, model, images = _asked(header, ink, store)
    stages = stage_outputs(model, images)
    about, parts = zip(*(_packed(stage) for stage in stages), strict=True)
    seen = _grey(images)
    return pack({"side": images.shape[-1], "stages": list(about)}, b"".join([seen, *parts]))


def unit(message: bytes, store: Store) -> bytes:
    """What the `unit` of a `stage` puts out for the drawing, what excites it, and what it draws.

    The body of the reply is float32 and has, as the header says: `excites`, how a brighter pixel
    changes what the unit adds up, which for the first layer is its weights; the `kernel` of a
    first layer that is a convolution; `draws`, by how much the picture changes when the unit is
    raised `by` so much. A number of the code is raised by its standard deviation over digits.

    Raises:
        UsageError: if anything in the message is not as it should be, or there is no such unit.
    """
    from vae_core.interpret.activations import kernels, stage_outputs, unit_effect, unit_gradient

    header, ink = unpack(message)
    stage = whole_number(header, "stage", 0, MOST_STAGES)
    number = whole_number(header, "unit", 0, MOST_UNITS)
    name, model, images = _asked(header, ink, store)
    stages = stage_outputs(model, images)
    parts = [each.part for each in stages]
    count = stages[stage].values[0].numel() if stage < len(stages) - 1 else 0
    if number >= count:
        raise UsageError(
            f"Stage {stage} of this model has {count} units; got the number {number}."
            if count
            else f"This model has {len(stages) - 1} stages before its picture; got stage {stage}."
        )
    about: dict[str, Any] = {
        "side": images.shape[-1],
        "value": stages[stage].values[0].flatten()[number].item(),
        "first": stage == 0,
    }
    found: list[Tensor] = []
    if parts[stage] != "decoder":
        about["excites"] = True
        found.append(unit_gradient(model, images, stage, number))
    windows = kernels(model)
    if stage == 0 and windows is not None:
        places = stages[0].values[0, 0].numel()
        about["kernel"] = list(windows.shape[-2:])
        found.append(windows[number // places])
    if parts[stage] != "encoder":
        by = known_codes(store, name)[:, number].std().item() if parts[stage] == "code" else 1.0
        about |= {"draws": True, "by": by}
        found.append(unit_effect(model, stages[parts.index("code")].values, stage, number, by))
    return pack(about, b"".join(each.numpy().astype("<f4").tobytes() for each in found))


def moved(message: bytes, store: Store) -> bytes:
    """What the first layer of one model puts out for the drawing, and for the drawing moved.

    The message is as that of `activations`, with how many pixels `right` and `down`. The body of
    the reply is the two pictures, a byte a pixel; the activations of both as signed bytes of
    which 127 means `most`; and, as float32, the windows of all maps, if the layer has any.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from vae_core.interpret import equivariance
    from vae_core.interpret.activations import kernels, stage_outputs

    header, ink = unpack(message)
    right, down = (whole_number(header, way, -FURTHEST, FURTHEST) for way in ("right", "down"))
    _, model, images = _asked(header, ink, store)
    seen = equivariance.moved(model, images, right, down)
    windows = kernels(model)
    pair = np.stack([seen.before[0].numpy(), seen.after[0].numpy()])
    most, signed = _signed(pair)
    about = {
        "side": images.shape[-1],
        "shape": list(pair.shape[1:]),
        "most": most,
        "change": seen.change,
        "along": seen.along,
        "weights": stage_outputs(model, images)[0].weights,
        "kernel": None if windows is None else list(windows.shape[-2:]),
    }
    pictures = [_grey(images), _grey(equivariance.move(images, right, down))]
    kernel = b"" if windows is None else windows.numpy().astype("<f4").tobytes()
    return pack(about, b"".join([*pictures, signed, kernel]))


def _asked(header: dict[str, Any], ink: bytes, store: Store) -> "tuple[str, Autoencoder, Images]":
    """The name of the model, the model, and the drawing as it sees it: [1, 1, h, w]."""
    query = parse({**header, "models": [header.get("model")], "sample": None}, ink, store)
    import torch

    from vae_core.types import to_floats

    from ..inference.reconstruction import compare

    noisy = compare(query.digit, query.noise, []).noisy
    (name,) = query.models
    return name, store.get(name).model, to_floats(torch.from_numpy(noisy)[None, None])


def _packed(stage: "Stage") -> tuple[dict[str, Any], bytes]:
    values = stage.values[0]
    about = {
        "part": stage.part,
        "kind": stage.kind,
        "shape": list(values.shape),
        "weights": stage.weights,
    }
    if stage.part == "code":
        return about, values.numpy().astype("<f4").tobytes()
    if stage.part == "picture":
        return about, _grey(stage.values)
    most, signed = _signed(values.numpy())
    return {**about, "most": most}, signed


def _signed(values: "np.ndarray[Any, np.dtype[np.float32]]") -> tuple[float, bytes]:
    """The largest absolute value, and all of them as signed bytes in shares of it."""
    most = float(np.abs(values).max())
    return most, np.rint(values * (127 / most if most else 0)).astype(np.int8).tobytes()


def _grey(images: "Images") -> bytes:
    return (images * 255).round().byte().numpy().tobytes()


ANSWERS: tuple[Answer, ...] = (
    Answer("activations", activations, LARGEST_DRAWING),
    Answer("unit", unit, LARGEST_DRAWING, slow=True),
    Answer("moved", moved, LARGEST_DRAWING),
)
