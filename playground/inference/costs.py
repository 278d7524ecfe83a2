"""What a digit costs variational models, in nats, and the maps of models trained at different beta."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.errors import UsageError, shown
from vae_core.experiments.catalogue import BETA_FAMILY
from vae_core.interpret.gradients import trace
from vae_core.latent.importance import DEAD_NATS
from vae_core.latent.planes import evenly_spaced, sheet, whole
from vae_core.models import Autoencoder
from vae_core.models.distributions import bernoulli_distortion
from vae_core.models.inference import distortion_and_rate
from vae_core.training.config import TrainConfig
from vae_core.types import Images

from ..store.models import Store
from ..wire.noise import Noise
from .examples import examples
from .images import as_images, as_pictures
from .reconstruction import noisy_image

DRAWS = 16  # latents of one digit, over which the distortion is averaged
TILES = 16  # along a side of the sheet of a map
REACH = 3.0  # standard deviations of the prior that a map shows at least
MARGIN = 1.08  # around the posteriors of the examples


class Costs(NamedTuple):
    """What one model pays for one image, in nats unless it says otherwise.

    Attributes:
        distortion: -log p(x|z), averaged over `DRAWS` latents from the posterior.
        rate: KL from the posterior to the prior.
        cross_entropy: -log p(x|z) at the mean of the posterior.
        squared_error: of the same picture, summed over pixels, white being 1; no nats.
        picture: what is drawn of the mean, [h, w].
        rates: [z], the rate of each latent.
        mean: [z], of the posterior.
        std: [z], its standard deviations.
    """

    distortion: float
    rate: float
    cross_entropy: float
    squared_error: float
    picture: NDArray[np.uint8]
    rates: NDArray[np.float32]
    mean: NDArray[np.float32]
    std: NDArray[np.float32]


class Compared(NamedTuple):
    """What several models pay for one image.

    Attributes:
        picture: the image, [h, w].
        floor: the cross-entropy of a perfect reconstruction.
        costs: one for each model.
    """

    picture: NDArray[np.uint8]
    floor: float
    costs: list[Costs]


class Gradients(NamedTuple):
    """One image from the encoder to the loss, and the gradients of the loss on their way back.

    Attributes:
        pictures: [2, h, w], what goes in and what comes out.
        distortion: in nats, as are the two below.
        rate: before it is weighted.
        loss: distortion + beta * rate.
        push: the length of the gradient by the logits.
        numbers: by the names of `LATENT_NUMBERS`, [z] each.
    """

    pictures: NDArray[np.uint8]
    distortion: float
    rate: float
    loss: float
    push: float
    numbers: dict[str, NDArray[np.float32]]


class BetaMap(NamedTuple):
    """The space of two latents of a model trained at some beta.

    Attributes:
        half: half a side of the square around 0 that is shown.
        mean: [n, 2], of the posterior of each example.
        std: [n, 2], its standard deviations.
        rates: [2], in nats, averaged over the examples.
        dead: [2], whether a latent tells next to nothing of an example.
        tiles: [rows, columns, 1, h, w], the sheet of the square.
    """

    half: float
    mean: NDArray[np.float32]
    std: NDArray[np.float32]
    rates: NDArray[np.float32]
    dead: NDArray[np.bool_]
    tiles: NDArray[np.uint8]


# What replies call the numbers of a latent, and what `Trace` does.
LATENT_NUMBERS = {
    "mean": "mean",
    "log_var": "log_var",
    "code": "latents",
    "rates": "rates",
    "by_code": "grad_latents",
    "by_mean": "grad_mean",
    "by_log_var": "grad_log_var",
    "rate_by_mean": "rate_grad_mean",
    "rate_by_log_var": "rate_grad_log_var",
    "drawn_by_mean": "sampled_grad_mean",
    "drawn_by_log_var": "sampled_grad_log_var",
}


def gaussian(store: Store, name: str) -> Autoencoder:
    """The variational model called so, which may be one of those trained at different beta.

    Raises:
        UsageError: if there is no such model, or its code is a point.
    """
    checkpoint = store.experiment(name) if name in BETA_FAMILY else store.get(name)
    if not checkpoint.model.is_gaussian:
        raise UsageError(
            f"The code of '{shown(name)}' is a point, with no cloud and no rate. Choose a "
            "variational model, such as vae-2."
        )
    return checkpoint.model


def compared(models: Sequence[Autoencoder], digit: NDArray[np.uint8], noise: Noise) -> Compared:
    """What each of the models pays for the digit, [h, w], with its noise."""
    image = noisy_image(digit, noise)
    entropy = torch.special.entr(image) + torch.special.entr(1 - image)
    found = [_costs(model, image) for model in models]
    return Compared(as_pictures(image)[0], entropy.sum().item(), found)


def _costs(model: Autoencoder, image: torch.Tensor) -> Costs:
    distortion, rate = distortion_and_rate(model, image.expand(DRAWS, -1, -1, -1))
    with torch.inference_mode():
        posterior = model.posterior(image)
        logits = model.decode_logits(posterior.mean)
        drawn = torch.sigmoid(logits)
        return Costs(
            distortion,
            rate,
            bernoulli_distortion(logits, image).item(),
            (drawn - image).square().sum().item(),
            as_pictures(drawn)[0],
            posterior.kl_per_latent()[0].numpy(),
            posterior.mean[0].numpy(),
            posterior.std[0].numpy(),
        )


def gradients(
    model: Autoencoder,
    digit: NDArray[np.uint8],
    noise: Noise,
    epsilon: Sequence[float],
    config: TrainConfig,
) -> Gradients:
    """The digit, [h, w], with its noise, scored against itself as the model was trained.

    Arguments:
        epsilon: the noise that the code is drawn with, a number for each latent.
        config: of the model's training, for its beta and its likelihood.

    Raises:
        UsageError: if the noise is not as long as the code.
    """
    if len(epsilon) != model.latent_dim:
        raise UsageError(
            f"epsilon must be a list of {model.latent_dim} numbers, one for each of the code; "
            f"got {len(epsilon)}."
        )
    image = noisy_image(digit, noise)
    drawn_with = torch.tensor([epsilon], dtype=torch.float32)
    found = trace(model, image, drawn_with, config.beta, config.likelihood)
    return Gradients(
        as_pictures(torch.stack([image[0], found.picture])),
        found.distortion,
        found.rates.sum().item(),
        found.loss,
        found.grad_logits.norm().item(),
        {name: getattr(found, field).numpy() for name, field in LATENT_NUMBERS.items()},
    )


def beta_map(store: Store, name: str) -> BetaMap:
    """The map of the model called so, one of `BETA_FAMILY`, with the examples on it."""
    return map_of(gaussian(store, name), as_images(examples().pictures))


def map_of(model: Autoencoder, images: Images) -> BetaMap:
    """The map of a model of two latents, with these images on it."""
    with torch.inference_mode():
        posterior = model.posterior(images)
        mean, std = posterior.mean, posterior.std
        rates = posterior.kl_per_latent().mean(dim=0)
    half = max(REACH, MARGIN * (mean.abs() + 2 * std).max().item())
    step = half / TILES
    places = evenly_spaced(-half + step, half - step, TILES)
    tiles = sheet(model, whole(2), places, places.flip(0))
    return BetaMap(
        half,
        mean.numpy(),
        std.numpy(),
        rates.numpy(),
        (rates < DEAD_NATS).numpy(),
        tiles.numpy(),
    )
