"""One image on its way from the encoder to the loss, and the gradients on their way back."""

from typing import NamedTuple

import torch
from torch import Tensor

from ..models import GaussianLatents
from ..models.distributions import LIKELIHOODS, DiagonalGaussian
from ..types import Images, Latents, Logits


class Trace(NamedTuple):
    """What each step of a variational autoencoder puts out for one image, in nats where it costs.

    A gradient is of the loss, distortion + beta * rate. It reaches mean and log-variance on two
    ways, through the code and through the rate, and is the sum of what comes on both.

    Attributes:
        mean: of the posterior, [z]; everything of z numbers here is.
        log_var: of the posterior.
        code: mean + exp(log_var / 2) * noise.
        picture: what the decoder draws from the code, [c, h, w].
        distortion: -log p(x|z).
        rates: KL(q(z|x) || N(0, I)) of each number; the rate is their sum.
        loss: distortion + beta * rate.
        by_logits: d loss / d pixel logits, [c, h, w].
        by_code: d loss / d code.
        by_mean: d loss / d mean, as far as it comes through the code.
        by_log_var: the same for the log-variance.
        rate_by_mean: d loss / d mean, as far as it comes through the rate.
        rate_by_log_var: the same for the log-variance.
        drawn_by_mean: d loss / d mean if the same code is drawn by dice within the network.
        drawn_by_log_var: the same for the log-variance.
    """

    mean: Tensor
    log_var: Tensor
    code: Tensor
    picture: Tensor
    distortion: float
    rates: Tensor
    loss: float
    by_logits: Tensor
    by_code: Tensor
    by_mean: Tensor
    by_log_var: Tensor
    rate_by_mean: Tensor
    rate_by_log_var: Tensor
    drawn_by_mean: Tensor
    drawn_by_log_var: Tensor


def trace(
    model: GaussianLatents,
    image: Images,
    noise: Latents,
    beta: float = 1.0,
    likelihood: str = "bernoulli",
) -> Trace:
    """The numbers of one image, [1, c, h, w], whose code is drawn with this noise, [1, z].

    The model may be frozen, and is left as it was.

    Arguments:
        likelihood: a name in `vae_core.models.distributions.LIKELIHOODS`.
    """

    def distortion_of(logits: Logits) -> Tensor:
        return LIKELIHOODS[likelihood](logits.float(), image).sum()

    with torch.no_grad():
        found = model.posterior(image)
    with torch.enable_grad():
        mean, log_var = (each.clone().requires_grad_() for each in (found.mean, found.log_var))
        posterior = DiagonalGaussian(mean, log_var)
        rates = posterior.kl_per_latent()
        price = beta * rates.sum()

        code = posterior.at(noise)  # a formula, so autograd can follow it back
        logits = model.decode_logits(code)
        distortion = distortion_of(logits)
        wanted = (logits, code, mean, log_var)
        by_logits, by_code, by_mean, by_log_var = torch.autograd.grad(distortion, wanted)

        drawn = code.detach()  # numbers that dice came up with: nothing leads back from them
        drawn_loss = distortion_of(model.decode_logits(drawn)) + price
        drawn_by = torch.autograd.grad(drawn_loss, (mean, log_var), retain_graph=True)
        rate_by = torch.autograd.grad(price, (mean, log_var))
    tensors = (
        *(mean, log_var, code, torch.sigmoid(logits), rates, by_logits, by_code, by_mean),
        *(by_log_var, *rate_by, *drawn_by),
    )
    mean, log_var, code, picture, rates, *gradients = (each.detach()[0] for each in tensors)
    loss = (distortion + price).item()
    return Trace(mean, log_var, code, picture, distortion.item(), rates, loss, *gradients)
