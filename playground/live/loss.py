"""What the drawing costs a variational model, step by step, and the gradients of that."""

from typing import Annotated

import numpy as np
from pydantic import Field

from ..request import Epsilon, ModelName, read
from ..store import Store
from ..wire import pack, unpack
from .answer import LARGEST_DRAWING, Answer
from .drawing import NoisyDrawing


class LossRequest(NoisyDrawing):
    """A drawing, one model, and the noise that its code is drawn with."""

    models: Annotated[list[ModelName], Field(min_length=1, max_length=1)]
    epsilon: Epsilon


def loss(message: bytes, store: Store) -> bytes:
    """One drawing on its way from the encoder to the loss, as in `vae_core.interpret.gradients`.

    The request is that of live/reconstruct with one model, and `epsilon`, a number for each of
    its code. The image is scored against itself, noise and all, with the beta and the likelihood
    that the model was trained with. The body of the reply is the picture that goes in and the one
    that comes out; then, as float32, all of z numbers in the order of `LATENT_NUMBERS`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.costs import gaussian, gradients

    header, ink = unpack(message)
    asked = read(LossRequest, header, store)
    (name,) = asked.models
    model, config = gaussian(store, name), store.get(name).recipe.config
    digit = asked.digit_in(ink)
    found = gradients(model, digit, asked.noise.plain(), asked.epsilon, config)
    about = {
        "side": found.pictures.shape[-1],
        "code": model.latent_dim,
        "beta": config.beta,
        "distortion": found.distortion,
        "rate": found.rate,
        "loss": found.loss,
        "push": found.push,
    }
    numbers = np.stack([*found.numbers.values()]).astype("<f4")
    return pack(about, found.pictures.tobytes() + numbers.tobytes())


ANSWERS: tuple[Answer, ...] = (Answer("loss", loss, LARGEST_DRAWING),)
