"""What the page asks of a model that it does not run itself, in numbers: no rounding, no pictures."""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from vae_core.errors import UsageError

from ..inference.latent.requests import LARGEST_NUMBER, ModelRequest
from ..store.models import Store
from ..wire.packing import LONGEST_HEADER, pack, unpack
from ..wire.request import read
from .answer import Answer

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.models import Autoencoder

MOST = 192  # images or latents at once
PIXELS = 28 * 28
LARGEST = 4 + LONGEST_HEADER + 4 * MOST * PIXELS  # bytes of a message
TENSORS = (  # of `vae_core.interpret.gradients.Trace`, as the page reads them
    *("mean", "log_var", "latents", "picture", "rates", "grad_logits", "grad_latents"),
    *("grad_mean", "grad_log_var", "rate_grad_mean", "rate_grad_log_var"),
    *("sampled_grad_mean", "sampled_grad_log_var"),
)


Label = Annotated[int, Field(ge=0, le=2**24)]


class ManyRequest(ModelRequest):
    """How many images, or latents, there are, and the class of each where the model is told it."""

    count: Annotated[int, Field(ge=1, le=MOST)]
    labels: Annotated[list[Label], Field(max_length=MOST)] | None = None


class UnitRequest(ModelRequest):
    """A unit of a stage, and by how much it is raised."""

    stage: Annotated[int, Field(ge=0, le=64)]
    unit: Annotated[int, Field(ge=0, le=2**24)]
    by: Annotated[float, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]


class LossRequest(ModelRequest):
    """How a variational model is scored."""

    beta: Annotated[float, Field(ge=0, le=1000)]
    likelihood: Annotated[str, Field(pattern="^(bernoulli|gaussian)$")]


def encode(message: bytes, store: Store) -> bytes:
    """The latents of images from 0 to 1, and their log-variances if they are `gaussian`."""
    import torch

    header, body = unpack(message)
    asked = read(ManyRequest, header, store)
    store.afford([asked.model], asked.count)
    model, images = _images(store, asked.model, body, asked.count)
    model = _told(model, asked)
    with torch.inference_mode():
        if model.has_posterior:
            found = [model.encode(images), model.posterior(images).log_var]
        else:
            found = [model.encode(images)]
    return _packed({"gaussian": len(found) == 2}, found)


def decode(message: bytes, store: Store) -> bytes:
    """The pixels, from 0 to 1, that a model draws of latents."""
    import torch

    header, body = unpack(message)
    asked = read(ManyRequest, header, store)
    store.afford([asked.model], asked.count)
    model = store.get(asked.model).model
    latents = _numbers(body, (asked.count, model.latent_dim))
    with torch.inference_mode():
        return _packed({}, [_told(model, asked).decode(torch.from_numpy(latents))])


def activations(message: bytes, store: Store) -> bytes:
    """What each layer of a model puts out for one image, as `inference.activations.stages`."""
    from ..inference.activations import stages

    header, body = unpack(message)
    asked = read(ModelRequest, header, store)
    found = stages(*_images(store, asked.model, body, 1))
    about = [
        {"part": each.part, "kind": each.kind, "weights": each.weights, "shape": list(each.values.shape)}
        for each in found
    ]  # fmt: skip
    return _packed({"stages": about}, [each.values for each in found])


def unit(message: bytes, store: Store) -> bytes:
    """What a unit puts out for one image, what excites it, its window, and what it draws."""
    from vae_core.interpret.activations import kernels, stage_outputs, unit_effect, unit_gradient

    header, body = unpack(message)
    asked = read(UnitRequest, header, store)
    model, image = _images(store, asked.model, body, 1)
    found = stage_outputs(model, image)
    if asked.stage >= len(found) - 1 or asked.unit >= found[asked.stage].values[0].numel():
        raise UsageError("This model has no such unit.")
    parts = [each.part for each in found]
    part, values = parts[asked.stage], found[asked.stage].values[0]
    windows = kernels(model) if asked.stage == 0 else None
    about: dict[str, Any] = {"value": values.flatten()[asked.unit].item()}
    tensors: list[Any] = []
    if part != "decoder":
        tensors.append(unit_gradient(model, image, asked.stage, asked.unit))
    if windows is not None:
        tensors.append(windows[asked.unit // values[0].numel()][0])
        about["kernel"] = list(windows.shape[-2:])
    if part != "encoder":
        latents = found[parts.index("code")].values
        tensors.append(unit_effect(model, latents, asked.stage, asked.unit, asked.by))
    about |= {"excites": part != "decoder", "draws": part != "encoder"}
    return _packed(about, tensors)


def loss(message: bytes, store: Store) -> bytes:
    """The loss of one image and its gradients; after the image come the numbers of the noise."""
    import torch

    from vae_core.interpret.gradients import trace

    from ..inference.costs import gaussian

    header, body = unpack(message)
    asked = read(LossRequest, header, store)
    model = gaussian(store, asked.model)
    _, image = _images(store, asked.model, body[: 4 * PIXELS], 1)
    noise = torch.from_numpy(_numbers(body[4 * PIXELS :], (1, model.latent_dim)))
    found = trace(model, image, noise, asked.beta, asked.likelihood)
    about = {"distortion": found.distortion, "loss": found.loss, "latents": model.latent_dim}
    return _packed(about, [getattr(found, name) for name in TENSORS])


def _images(store: Store, name: str, body: bytes, count: int) -> "tuple[Autoencoder, Tensor]":
    import torch

    model = store.get(name).model
    images = _numbers(body, (count, *model.image_shape))
    if images.min() < 0 or images.max() > 1:
        raise UsageError("The pixels of an image must lie between 0 and 1.")
    return model, torch.from_numpy(images)


def _told(model: "Autoencoder", asked: ManyRequest) -> "Autoencoder":
    """The model, told the labels if there are any."""
    import torch

    if asked.labels is None:
        return model
    if not model.classes or len(asked.labels) != asked.count:
        raise UsageError(
            f"This model is told one of {model.classes} classes for each of {asked.count}; "
            f"got {len(asked.labels)} labels."
        )
    labels = torch.tensor(asked.labels)
    model.check_labels(labels)
    return model.told(labels)


def _numbers(body: bytes, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The numbers in the body of a request: finite and not absurdly large."""
    size = 4 * int(np.prod(shape))
    if len(body) != size:
        raise UsageError(f"The body should be {size} bytes of float32; got {len(body)}.")
    numbers = np.frombuffer(body, "<f4").reshape(shape)
    if not (np.abs(numbers) <= LARGEST_NUMBER).all():  # NaN is not smaller than anything
        raise UsageError(f"The numbers must lie within ±{LARGEST_NUMBER:g}.")
    return numbers.astype(np.float32)


def _packed(about: dict[str, Any], numbers: list[Any]) -> bytes:
    return pack(about, b"".join(np.asarray(each).astype("<f4").tobytes() for each in numbers))


ANSWERS: tuple[Answer, ...] = (
    Answer("model-encode", encode, LARGEST),
    Answer("model-decode", decode, LARGEST),
    Answer("model-activations", activations, LARGEST),
    Answer("model-unit", unit, LARGEST),
    Answer("model-loss", loss, LARGEST),
)
