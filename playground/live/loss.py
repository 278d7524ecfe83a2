"""What the drawing costs a variational model, step by step, and the gradients of that."""

from typing import TYPE_CHECKING, Any

from vae_core.errors import UsageError, check_range, shown

from ..query import parse
from ..store import Store
from ..wire import pack, unpack
from .answer import LARGEST_DRAWING, Answer

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.models import GaussianLatents

FARTHEST = 10  # standard deviations that a visitor's noise may be from 0


def loss(message: bytes, store: Store) -> bytes:
    """One drawing on its way from the encoder to the loss, as in `vae_core.interpret.gradients`.

    The request is that of live/reconstruct with one model, and `epsilon`, a number for each of
    its code. The image is scored against itself, noise and all, with the beta and the likelihood
    that the model was trained with. The body of the reply is the picture that goes in and the one
    that comes out; then, as float32, all of z numbers in the order of `NUMBERS`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    import torch

    from vae_core.interpret.gradients import trace

    from ..inference.reconstruction import noisy_image

    header, ink = unpack(message)
    query = parse(header, ink, store)
    name, model = gaussian(query.models, store)
    config = store.get(name).recipe.config
    noise = _epsilon(header.get("epsilon"), model.latent_dim)
    image = noisy_image(query.digit, query.noise)
    found = trace(model, image, noise, config.beta, config.likelihood)
    about = {
        "side": image.shape[-1],
        "code": model.latent_dim,
        "beta": config.beta,
        "distortion": found.distortion,
        "rate": found.rates.sum().item(),
        "loss": found.loss,
        "push": found.by_logits.norm().item(),
    }
    pictures = torch.stack([image[0], found.picture]).mul(255).round().byte()
    numbers = torch.stack([found._asdict()[key] for key in NUMBERS])
    return pack(about, pictures.numpy().tobytes() + numbers.numpy().astype("<f4").tobytes())


NUMBERS = (
    *("mean", "log_var", "code", "rates", "by_code", "by_mean", "by_log_var"),
    *("rate_by_mean", "rate_by_log_var", "drawn_by_mean", "drawn_by_log_var"),
)


def gaussian(names: list[str], store: Store) -> "tuple[str, GaussianLatents]":
    """The one model that is named, which must be variational.

    Raises:
        UsageError: if it is not one, or its code is a point.
    """
    from vae_core.models import GaussianLatents

    if len(names) != 1:
        raise UsageError(f"models must be a list of one name; got {len(names)}.")
    model = store.get(names[0]).model
    if not isinstance(model, GaussianLatents):
        raise UsageError(
            f"The code of '{shown(names[0])}' is a point, with no cloud and no rate. Choose a "
            "variational model, such as vae-2."
        )
    return names[0], model


def _epsilon(asked: Any, size: int) -> "Tensor":
    import torch

    if not isinstance(asked, list) or len(asked) != size:
        raise UsageError(f"epsilon must be a list of {size} numbers, one for each of the code.")
    for number in asked:
        check_range("epsilon", number, -FARTHEST, FARTHEST)
    return torch.tensor([asked], dtype=torch.float32)


ANSWERS: tuple[Answer, ...] = (Answer("loss", loss, LARGEST_DRAWING),)
