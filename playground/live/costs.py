"""The two costs of the drawing, and the maps of models that were trained at different beta."""

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from vae_core.errors import UsageError, check_name

from ..query import parse
from ..store import Store, remembered
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import LARGEST_DRAWING, Answer
from .examples import examples
from .loss import gaussian
from .sheet import sprite

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.models import GaussianLatents

DRAWS = 16  # codes of one drawing, over which the distortion is averaged
MOST = 8  # models at once
TILES = 16  # along a side of the sheet of a map
REACH = 3.0  # standard deviations of the prior that a map shows at least
MARGIN = 1.08  # around the clouds of the examples


class Costs(NamedTuple):
    """What one model pays for one image, [1, c, h, w], in nats unless it says otherwise.

    Attributes:
        distortion: -log p(x|z), averaged over `DRAWS` codes from the posterior.
        rate: KL from the posterior to the prior.
        cross_entropy: -log p(x|z) at the mean of the posterior.
        squared_error: of the same picture, summed over pixels, white being 1; no nats.
        picture: what is drawn of the mean, [1, c, h, w].
        rates: the rate of each number of the code, [z].
        mean: of the posterior, [z].
        spread: its standard deviations, [z].
    """

    distortion: float
    rate: float
    cross_entropy: float
    squared_error: float
    picture: "Tensor"
    rates: "Tensor"
    mean: "Tensor"
    spread: "Tensor"


def costs(message: bytes, store: Store) -> bytes:
    """What each of several variational models pays for the drawing, with its noise.

    The request is that of live/reconstruct; the maps at different beta may be among its models.
    The `floor` is the cross-entropy of a perfect reconstruction. The body is the image and the
    picture of each model; then for each, as float32, the rate of every number of its code, its
    means and its standard deviations.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    import torch

    from ..inference.reconstruction import noisy_image

    header, ink = unpack(message)
    query = parse({**header, "models": []}, ink, store)
    names: Any = header.get("models")
    if not isinstance(names, list) or len(names) > MOST:
        raise UsageError(f"models must be a list of at most {MOST} names of variational models.")
    models = [_model(name, store) for name in names]
    image = noisy_image(query.digit, query.noise)
    found = [costs_of(model, image) for model in models]
    pictures = torch.cat([image, *(each.picture for each in found)]).mul(255).round().byte()
    about = {
        "side": image.shape[-1],
        "floor": (torch.special.entr(image) + torch.special.entr(1 - image)).sum().item(),
        "models": [_facts(name, each) for name, each in zip(names, found, strict=True)],
    }
    numbers = [number for each in found for number in (each.rates, each.mean, each.spread)]
    floats = [number.numpy().astype("<f4").tobytes() for number in numbers]
    return pack(about, pictures.numpy().tobytes() + b"".join(floats))


def costs_of(model: "GaussianLatents", image: "Tensor") -> Costs:
    """The costs of one image, and what they are made of."""
    import torch

    from vae_core.models.distributions import bernoulli_distortion
    from vae_core.models.inference import distortion_and_rate

    distortion, rate = distortion_and_rate(model, image.expand(DRAWS, -1, -1, -1))
    with torch.inference_mode():
        posterior = model.posterior(image)
        logits = model.decode_logits(posterior.mean)
        picture = torch.sigmoid(logits)
        return Costs(
            distortion,
            rate,
            bernoulli_distortion(logits, image).item(),
            (picture - image).square().sum().item(),
            picture,
            posterior.kl_per_latent()[0],
            posterior.mean[0],
            torch.exp(0.5 * posterior.log_var[0]),
        )


def _facts(name: str, found: Costs) -> dict[str, Any]:
    keys = ("distortion", "rate", "cross_entropy", "squared_error")
    numbers = {key: value for key, value in found._asdict().items() if key in keys}
    return {"name": name, "code": len(found.mean), **numbers}


def _model(name: object, store: Store) -> "GaussianLatents":
    from vae_core.experiments.catalogue import BETA_FAMILY

    if isinstance(name, str) and name in BETA_FAMILY:
        return _beta_model(store, name)
    store.check(name)
    return gaussian([str(name)], store)[1]


def _beta_model(store: Store, name: str) -> "GaussianLatents":
    from vae_core.models import GaussianLatents

    model = store.lesson(name).model
    assert isinstance(model, GaussianLatents)  # by its recipe
    return model


def betas(_: bytes, store: Store) -> dict[str, Any]:
    """The maps by rising beta, with their rate and distortion on MNIST's test images, in nats.

    Raises:
        UsageError: if they were not trained.
    """
    from vae_core.experiments.catalogue import BETA_FAMILY

    try:
        table = json.loads((store.lessons / "metrics.json").read_text(encoding="utf-8"))
        measured = table["models"]
        return {
            "images": table["n_images"],
            "maps": [
                {
                    "name": name,
                    "beta": recipe.config.beta,
                    "rate": measured[name]["rate_nats"],
                    "distortion": measured[name]["distortion_nats"],
                }
                for name, recipe in BETA_FAMILY.items()
            ],
        }
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(
            "The maps at different beta are not here. `python -m vae_core lesson betas` makes them."
        ) from error


def beta_map(message: bytes, store: Store) -> bytes:
    """The space of two numbers of the `model` called so, and the clouds of the example digits.

    `half` is half a side of the square around 0 that is shown, and `dead` says of each number of
    the code whether it tells next to nothing of an example. The body is the means of all clouds
    and their standard deviations as float32, and then the sheet, as in live/sheet.

    Raises:
        UsageError: if no map is called so.
    """
    from vae_core.experiments.catalogue import BETA_FAMILY

    header, _ = unpack(message)
    check_name("map", header.get("model"), BETA_FAMILY)
    return _beta_map(store, header["model"])


@remembered(8)
def _beta_map(store: Store, name: str) -> bytes:
    import torch

    from vae_core.latent.importance import DEAD_NATS
    from vae_core.latent.planes import evenly_spaced, sheet, whole
    from vae_core.types import to_floats

    model = _beta_model(store, name)
    header, body = unpack(examples(b"", store))
    side, labels = header["side"], header["labels"]
    digits = np.frombuffer(body, np.uint8).reshape(len(labels), 1, side, side)
    with torch.inference_mode():
        posterior = model.posterior(to_floats(torch.from_numpy(digits.copy())))
        mean, spread = posterior.mean, torch.exp(0.5 * posterior.log_var)
        rates = posterior.kl_per_latent().mean(dim=0)
    reach = (mean.abs() + 2 * spread).max().item()
    half = max(REACH, MARGIN * reach)
    step = half / TILES
    places = evenly_spaced(-half + step, half - step, TILES)
    tiles = sheet(model, whole(2), places, places.flip(0))
    about = {
        "half": half,
        "labels": labels,
        "rates": rates.tolist(),
        "dead": (rates < DEAD_NATS).tolist(),
    }
    clouds = torch.stack([mean, spread]).numpy().astype("<f4").tobytes()
    return pack(about, clouds + sprite(tiles.numpy()))


ANSWERS: tuple[Answer, ...] = (
    Answer("costs", costs, LARGEST_DRAWING),
    Answer("betas", betas),
    Answer("beta-map", beta_map, 4 + LONGEST_HEADER, slow=True),
)
