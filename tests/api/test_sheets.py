"""Figures in one call: a latent space by equal shares of the prior, and grids of pictures."""

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from playground.api import latent, walk
from playground.store.models import Store
from vae_core.errors import UsageError
from vae_core.latent import planes
from vae_core.latent.sampling import sample_latents, standard_normal
from vae_core.models.inference import decode_to_bytes


def pixels(file: Any) -> np.ndarray:
    return np.asarray(Image.open(file.path).convert("L")).astype(int)


def cells(picture: np.ndarray, columns: int) -> np.ndarray:
    """The 28x28 pictures of a grid, in the order in which one reads."""
    lines = picture.reshape(-1, 28, columns, 28).swapaxes(1, 2)
    return lines.reshape(-1, 28, 28)


def test_the_figure_of_kingma_and_welling_is_one_call(store: Store) -> None:
    about, file = latent.sheet(store, "vae-2", tiles=20, spacing="quantiles")
    values = planes.quantiles(20)  # of the standard normal: it is the prior of a VAE
    assert about["xs"] == about["ys"] == pytest.approx(values.tolist(), abs=1e-6)
    wanted = planes.sheet(store.get("vae-2").model, planes.whole(2), values, values.flip(0))
    drawn = cells(pixels(file), 20)
    assert np.abs(drawn - wanted.reshape(-1, 28, 28).numpy()).mean() < 3  # WebP rounds


def test_a_space_without_a_prior_has_the_spread_of_its_codes(store: Store) -> None:
    about, _ = latent.sheet(store, "vanilla-2", tiles=5, spacing="quantiles")
    codes = store.atlas("vanilla-2").latents
    gaps = [np.diff(about[side])[0] for side in ("xs", "ys")]
    assert gaps == pytest.approx(
        codes.std(axis=0) * float(np.diff(planes.quantiles(5))[0]), rel=0.02
    )
    assert about["xs"][2] != about["ys"][2]


def test_axes_of_a_longer_code_have_a_prior_or_are_refused(store: Store) -> None:
    code = [[0.0] * 20]
    about, _ = latent.sheet(store, "vae-20", "axes", code, tiles=3, spacing="quantiles")
    assert about["xs"] == pytest.approx(planes.quantiles(3).tolist(), abs=1e-6)
    with pytest.raises(UsageError, match="Choose even spacing"):
        latent.sheet(store, "vanilla-32", "axes", [[0.0] * 32], spacing="quantiles")
    with pytest.raises(UsageError, match="Known spacings: even, quantiles"):
        latent.sheet(store, "vae-2", spacing="round")


def test_400_codes_are_drawn_in_lines(store: Store) -> None:
    grid = planes.quantiles(20)
    codes = torch.cartesian_prod(grid, grid)
    about, file = latent.decode(store, codes.tolist(), "vae-2", scale=1, columns=20)
    assert about["count"] == 400
    wanted = decode_to_bytes(store.get("vae-2").model, codes)[:, 0].numpy()
    assert np.array_equal(cells(pixels(file), 20), wanted)
    with pytest.raises(UsageError, match="1 to 400 lists of numbers; got 401"):
        latent.decode(store, [*codes.tolist(), [0.0, 0.0]], "vae-2")


def test_samples_are_a_square_if_one_wishes(store: Store) -> None:
    _, file = walk.sample(store, ["vae-20"], 64, seed=3, scale=1, columns=8)
    latents = sample_latents(standard_normal(20), 64, 1.0, seed=3)
    wanted = decode_to_bytes(store.get("vae-20").model, latents)[:, 0].numpy()
    assert pixels(file).shape == (8 * 28, 8 * 28)
    assert np.abs(cells(pixels(file), 8) - wanted).max() <= 1
    _, file = walk.sample(store, ["vae-20", "vae-2"], 5, scale=1, columns=3)
    found = cells(pixels(file), 3)
    assert len(found) == 12 and not found[5].any() and not found[11].any()  # two lines a model
    assert found[6].any()


@pytest.mark.parametrize("columns", [0, 6, 2.5, "2", True])
def test_columns_that_there_are_not_are_refused(columns: Any, store: Store) -> None:
    with pytest.raises(UsageError, match="columns must be a whole number from 1 to 5"):
        walk.sample(store, ["vae-2"], 5, columns=columns)
