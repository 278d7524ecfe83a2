"""Pictures and numbers of what a model can do by now, for whoever watches it learn."""

from math import ceil
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ..data.tasks import TASKS
from ..latent.importance import kl_per_latent
from ..latent.planes import Plane, evenly_spaced, sheet, whole
from ..latent.sampling import draw, gaussian_for
from ..models import Autoencoder
from ..models.inference import decode_to_bytes, encode, reconstruct
from ..types import Bytes, to_bytes, to_floats
from .config import TrainConfig
from .objective import noisy

SHOWN = 10  # images that are reconstructed, and samples
PLACED = 1000  # images whose latents are placed on the map
TILES = 15  # along a side of the map's sheet
REACH = 3.0  # standard deviations that the sheet of a variational model covers at least
MOST = 0.995  # of the latents of held-out digits that lie within the sheet


class Preview(NamedTuple):
    """Pictures and numbers to show after an epoch.

    Attributes:
        tensors: by name, pictures as uint8. `originals`, `inputs` (with their noise),
            `reconstructions` and `samples` are [n, c, h, w]; the samples of a model that can be told
            are one of each class. For two latents there are also
            `sheet` [TILES, TILES, c, h, w], top row first, `square` (left, bottom, side) and
            `codes` [n, 2].
        numbers: for the metrics; `kl` is the KL per latent in nats, of variational models.
    """

    tensors: dict[str, Tensor]
    numbers: dict[str, Any]


@torch.inference_mode()
def preview(model: Autoencoder, images: Bytes, config: TrainConfig) -> Preview:
    """The model's pictures of these images by now; the same images, the same noise each time.

    Arguments:
        images: never trained on.
    """
    training, device = model.training, images.device
    model.eval()
    generator = torch.Generator(device).manual_seed(config.seed)
    placed = TASKS[config.task].seen(to_floats(images[:PLACED]), generator)
    seen = placed[:SHOWN]
    if config.noise:
        seen = noisy(seen, config, torch.Generator(device).manual_seed(config.seed))
    found = encode(model, placed)
    numbers: dict[str, Any] = {}
    if model.is_gaussian:
        numbers["kl"] = [round(nats, 4) for nats in kl_per_latent(model, placed).tolist()]
    drawn = draw(model, SHOWN, config.seed, gaussian_for(model, found.cpu())).to(device)
    tensors = {
        "originals": images[:SHOWN],
        "inputs": to_bytes(seen),
        "reconstructions": to_bytes(reconstruct(model, seen)),
        "samples": decode_to_bytes(_one_of_each(model, device), drawn),
    }
    if model.latent_dim == 2:
        tensors |= _map(model, found)
    model.train(training)
    return Preview({name: value.cpu().contiguous() for name, value in tensors.items()}, numbers)


def _one_of_each(model: Autoencoder, device: torch.device) -> Autoencoder:
    return (
        model.told(torch.arange(SHOWN, device=device) % model.classes) if model.classes else model
    )


def _map(model: Autoencoder, found: Tensor) -> dict[str, Tensor]:
    if model.has_standard_prior:
        # Where the rate is cheap, latents go far beyond the prior. Whole numbers let the axes stand
        # still from epoch to epoch while the latents spread.
        far = float(found.nan_to_num().abs().quantile(MOST))
        half = max(REACH, float(ceil(far)))
        left, bottom, side = -half, -half, 2 * half
    else:
        low, high = found.quantile(1 - MOST, dim=0), found.quantile(MOST, dim=0)
        side = float((high - low).max()) * 1.1
        left, bottom = ((low + high) / 2 - side / 2).tolist()
    xs, ys = evenly_spaced(left, left + side, TILES), evenly_spaced(bottom + side, bottom, TILES)
    plane = Plane(*(part.to(found.device) for part in whole(2)))
    return {
        "sheet": sheet(model, plane, xs.to(found.device), ys.to(found.device)),
        "square": torch.tensor([left, bottom, side]),
        "codes": found,
    }
