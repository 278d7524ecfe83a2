"""The drawing on its way through a model: every layer's activations, and what each unit stands for."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from ..request import read
from ..store import Store
from ..wire import pack, unpack
from .answer import LARGEST_DRAWING, Answer
from .drawing import DrawingInModel

if TYPE_CHECKING:
    from vae_core.models import Autoencoder
    from vae_core.types import Images

    from ..inference.activations import Stage

Pixels = Annotated[int, Field(ge=-8, le=8)]  # that a picture is moved


class UnitRequest(DrawingInModel):
    """A drawing in one model, and one unit of it."""

    stage: Annotated[int, Field(ge=0, le=64)]  # far more than a model has
    unit: Annotated[int, Field(ge=0, le=2**24)]


class MovedRequest(DrawingInModel):
    """A drawing in one model, and how far it is moved."""

    right: Pixels
    down: Pixels


def activations(message: bytes, store: Store) -> bytes:
    """What every layer of one model puts out for the drawing.

    The message is as that of `reconstruct`, but names one `model`. The body of the reply is the
    picture that the model sees, a byte a pixel, and then each of the `stages`: the code as
    float32, the reconstruction as bytes, the others as signed bytes of which 127 means `most`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.activations import stages
    from ..inference.images import as_pictures

    header, ink = unpack(message)
    model, image = _seen(read(DrawingInModel, header, store), ink, store)
    about, parts = zip(*(_packed(stage) for stage in stages(model, image)), strict=True)
    seen = as_pictures(image).tobytes()
    return pack({"side": image.shape[-1], "stages": list(about)}, b"".join([seen, *parts]))


def unit(message: bytes, store: Store) -> bytes:
    """What the `unit` of a `stage` puts out for the drawing, what excites it, and what it draws.

    The body of the reply is float32 and has, as the header says: `excites`, how a brighter pixel
    changes what the unit adds up, which for the first layer is its weights; the `kernel` of a
    first layer that is a convolution; `draws`, by how much the picture changes when the unit is
    raised `by` so much. A number of the code is raised by its standard deviation over digits.

    Raises:
        UsageError: if anything in the message is not as it should be, or there is no such unit.
    """
    from ..inference.activations import unit

    header, ink = unpack(message)
    asked = read(UnitRequest, header, store)
    _, image = _seen(asked, ink, store)
    found = unit(store, asked.model, image, asked.stage, asked.unit)
    about: dict[str, Any] = {
        "side": image.shape[-1],
        "value": found.value,
        "first": asked.stage == 0,
    }
    if found.excites is not None:
        about["excites"] = True
    if found.kernel is not None:
        about["kernel"] = list(found.kernel.shape)
    if found.draws is not None:
        about |= {"draws": True, "by": found.by}
    parts = (found.excites, found.kernel, found.draws)
    return pack(
        about, b"".join(each.astype("<f4").tobytes() for each in parts if each is not None)
    )


def moved(message: bytes, store: Store) -> bytes:
    """What the first layer of one model puts out for the drawing, and for the drawing moved.

    The message is as that of `activations`, with how many pixels `right` and `down`. The body of
    the reply is the two pictures, a byte a pixel; the activations of both as signed bytes of
    which 127 means `most`; and, as float32, the windows of all maps, if the layer has any.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.activations import moved, signed

    header, ink = unpack(message)
    asked = read(MovedRequest, header, store)
    model, image = _seen(asked, ink, store)
    found = moved(model, image, asked.right, asked.down)
    coarse = signed(found.values)
    about = {
        "side": image.shape[-1],
        "shape": list(found.values.shape[1:]),
        "most": coarse.most,
        "change": found.change,
        "along": found.along,
        "weights": found.weights,
        "kernel": None if found.kernels is None else list(found.kernels.shape[-2:]),
    }
    kernels = b"" if found.kernels is None else found.kernels.astype("<f4").tobytes()
    return pack(about, found.pictures.tobytes() + coarse.steps.tobytes() + kernels)


def _seen(asked: DrawingInModel, ink: bytes, store: Store) -> "tuple[Autoencoder, Images]":
    """The model, and the drawing with its noise as the model sees it."""
    digit = asked.digit_in(ink)
    from ..inference.reconstruction import noisy_image

    return store.get(asked.model).model, noisy_image(digit, asked.noise.plain())


def _packed(stage: "Stage") -> tuple[dict[str, Any], bytes]:
    from ..inference.activations import grey, signed

    about = {
        "part": stage.part,
        "kind": stage.kind,
        "shape": list(stage.values.shape),
        "weights": stage.weights,
    }
    if stage.part == "code":
        return about, stage.values.astype("<f4").tobytes()
    if stage.part == "picture":
        return about, grey(stage).tobytes()
    coarse = signed(stage.values)
    return {**about, "most": coarse.most}, coarse.steps.tobytes()


ANSWERS: tuple[Answer, ...] = (
    Answer("activations", activations, LARGEST_DRAWING),
    Answer("unit", unit, LARGEST_DRAWING, slow=True),
    Answer("moved", moved, LARGEST_DRAWING),
)
