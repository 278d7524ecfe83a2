"""Where the tiles of a sheet lie if each is to stand for an equal share of a Gaussian."""

from vae_core.errors import UsageError

from ...store.models import Store
from .latents import is_gaussian
from .map import latent_map


def gaussians(store: Store, name: str, plane: str) -> list[dict[str, float]]:
    """`low`, the mean, and `high`, the standard deviation, of both sides of a sheet, as on the Map.

    Of a variational model that is its prior, of another the spread of the codes that it gives.

    Raises:
        UsageError: if the latents of such a plane have no Gaussian.
    """
    prior = is_gaussian(store, name)
    if plane == "whole":
        found = latent_map(store, name)
        spread = [1.0, 1.0] if prior else found.spread.tolist()
        return [
            {"low": mean, "high": deviation}
            for mean, deviation in zip(found.square.centre, spread, strict=True)
        ]
    if plane == "axes" and prior:
        return [{"low": 0.0, "high": 1.0}] * 2
    raise UsageError(
        "Tiles by quantiles need a code of two numbers, or two axes of a variational model. "
        "Choose even spacing."
    )
