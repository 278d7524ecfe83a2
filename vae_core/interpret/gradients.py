"""One image on its way from the encoder to the loss, and the gradients on their way back."""

from typing import NamedTuple

import torch
from torch import Tensor

from ..models import Autoencoder
from ..models.distributions import LIKELIHOODS, DiagonalGaussian
from ..types import Images, Latents, Logits


class Trace(NamedTuple):
    """The output of each step of a variational autoencoder for one image, in nats where it costs.

    A gradient is of the loss, distortion + beta * rate. It reaches mean and log-variance on two
    ways, through the latents and through the rate, and is the sum of what comes on both.

    Attributes:
        mean: of the posterior, [z]; everything of z numbers here is.
        log_var: of the posterior.
        latents: mean + exp(log_var / 2) * noise.
        picture: what the decoder draws from the latents, [c, h, w].
        distortion: -log p(x|z).
        rates: KL(q(z|x) || N(0, I)) of each number; the rate is their sum.
        loss: distortion + beta * rate.
        grad_logits: d loss / d pixel logits, [c, h, w].
        grad_latents: d loss / d latents.
        grad_mean: d loss / d mean, as far as it comes through the latents.
        grad_log_var: the same for the log-variance.
        rate_grad_mean: d loss / d mean, as far as it comes through the rate.
        rate_grad_log_var: the same for the log-variance.
        sampled_grad_mean: d loss / d mean if the same latents are drawn at random within the
            network, without reparameterisation.
        sampled_grad_log_var: the same for the log-variance.
    """

    mean: Tensor
    log_var: Tensor
    latents: Tensor
    picture: Tensor
    distortion: float
    rates: Tensor
    loss: float
    grad_logits: Tensor
    grad_latents: Tensor
    grad_mean: Tensor
    grad_log_var: Tensor
    rate_grad_mean: Tensor
    rate_grad_log_var: Tensor
    sampled_grad_mean: Tensor
    sampled_grad_log_var: Tensor


def trace(
    model: Autoencoder,
    image: Images,
    noise: Latents,
    beta: float = 1.0,
    likelihood: str = "bernoulli",
) -> Trace:
    """The numbers of one image, [1, c, h, w], whose latents are drawn with this noise, [1, z].

    The model may be frozen, and is left as it was.

    Arguments:
        likelihood: a name in `vae_core.models.distributions.LIKELIHOODS`.

    Example:
        >>> from vae_core.models import build, specify
        >>> model = build(specify("vae", latent_dim=2))
        >>> found = trace(model, torch.rand(1, 1, 28, 28), noise=torch.zeros(1, 2), beta=4.0)
        >>> torch.equal(found.latents, found.mean)  # without noise
        True
        >>> torch.allclose(found.rate_grad_mean, 4.0 * found.mean)
        True
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

        latents = posterior.at(noise)  # a formula, so autograd can follow it back
        logits = model.decode_logits(latents)
        distortion = distortion_of(logits)
        wanted = (logits, latents, mean, log_var)
        grad_logits, grad_latents, grad_mean, grad_log_var = torch.autograd.grad(
            distortion, wanted
        )

        sampled = latents.detach()  # drawn at random: no gradient leads back from them
        sampled_loss = distortion_of(model.decode_logits(sampled)) + price
        sampled_grads = torch.autograd.grad(sampled_loss, (mean, log_var), retain_graph=True)
        rate_grads = torch.autograd.grad(price, (mean, log_var))
    tensors = (
        *(
            mean,
            log_var,
            latents,
            torch.sigmoid(logits),
            rates,
            grad_logits,
            grad_latents,
            grad_mean,
        ),
        *(grad_log_var, *rate_grads, *sampled_grads),
    )
    mean, log_var, latents, picture, rates, *gradients = (each.detach()[0] for each in tensors)
    loss = (distortion + price).item()
    return Trace(mean, log_var, latents, picture, distortion.item(), rates, loss, *gradients)
