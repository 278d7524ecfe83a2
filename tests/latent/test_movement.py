"""Moving through a latent space, against SciPy, NumPy, torch.distributions and by hand."""

import math

import numpy as np
import pytest
import scipy.stats
import torch
from torch.distributions import MultivariateNormal, Normal, kl_divergence

from tests.conftest import small
from vae_core.errors import UsageError
from vae_core.latent import importance, interpolation, planes, sampling
from vae_core.models import Autoencoder, GaussianLatents, inference


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def white(share: float, start: torch.Tensor, end: torch.Tensor) -> np.ndarray:
    """Slerp as White (2016) writes it."""
    one, two = start.double().numpy(), end.double().numpy()
    angle = np.arccos(one @ two / np.linalg.norm(one) / np.linalg.norm(two))
    return (np.sin((1 - share) * angle) * one + np.sin(share * angle) * two) / np.sin(angle)


def angles(latents: torch.Tensor) -> torch.Tensor:
    """Between each code and the next, in radians."""
    directions = torch.nn.functional.normalize(latents.double(), dim=1)
    return (directions[1:] * directions[:-1]).sum(dim=1).clamp(-1, 1).acos()


def test_a_whole_space_of_two_numbers_is_its_own_plane() -> None:
    points = noise(7, 2)
    assert torch.equal(planes.whole().latents(points), points)
    assert planes.whole(5).latents(points).shape == (7, 5)


def test_on_chosen_axes_x_and_y_are_the_values_of_two_latents() -> None:
    point, points = noise(5), noise(7, 2, seed=1)
    latents = planes.axes(point, 3, 1).latents(points)
    assert torch.equal(latents[:, [3, 1]], points)
    assert torch.equal(latents[:, [0, 2, 4]], point[[0, 2, 4]].expand(7, 3))


@pytest.mark.parametrize("latent_dim", [2, 3, 20])
def test_three_latents_are_the_corners_of_an_equilateral_triangle(latent_dim: int) -> None:
    corners = noise(3, latent_dim)
    points = torch.tensor([[0, 0], [1, 0], [0.5, math.sqrt(3) / 2]])
    flat = planes.plane(*corners)
    torch.testing.assert_close(flat.latents(points), corners)
    torch.testing.assert_close(flat.points(corners), points, atol=1e-5, rtol=1e-5)


def test_the_nearest_point_of_a_plane_is_that_of_least_squares() -> None:
    flat, latents = planes.plane(*noise(3, 6)), noise(9, 6, seed=1)
    sides = np.stack([flat.right.numpy(), flat.up.numpy()], axis=1)
    expected = np.linalg.lstsq(sides, (latents - flat.origin).numpy().T, rcond=None)[0].T
    np.testing.assert_allclose(flat.points(latents).numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("latent_dim", [1, 2, 20])
@pytest.mark.parametrize("third", [0.0, 0.3, 1.0, -7.0])
def test_codes_on_a_line_have_no_plane(latent_dim: int, third: float) -> None:
    start, end = 10 * noise(2, latent_dim)
    with pytest.raises(UsageError, match="lie on one line"):
        planes.plane(start, end, torch.lerp(start, end, third))
    with pytest.raises(UsageError, match="lie on one line"):
        planes.plane(start, start, start)


def test_a_thin_triangle_still_has_a_plane() -> None:
    a, b = noise(2, 8)
    planes.plane(a, b, (a + b) / 2 + 0.01 * noise(8, seed=1))


def test_even_values_rise_or_fall_and_hold_both_ends() -> None:
    assert planes.evenly_spaced(-3, 3, 7).tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert planes.evenly_spaced(1, -1, 3).tolist() == [1, 0, -1]


@pytest.mark.parametrize("count", [1, 2, 15, 49])
def test_quantiles_are_scipys(count: int) -> None:
    expected = scipy.stats.norm.ppf((np.arange(count) + 0.5) / count, scale=1.5)
    np.testing.assert_allclose(planes.quantiles(count, 1.5).numpy(), expected, atol=1e-6)


def test_pictures_are_what_the_model_decodes(any_model: Autoencoder) -> None:
    latents = noise(700, any_model.latent_dim)  # more than one batch
    drawn = inference.decode_to_bytes(any_model, latents)
    assert drawn.dtype == torch.uint8
    exact = any_model.decode(latents).detach() * 255
    assert (drawn.float() - exact).abs().max() <= 0.5 + 1e-3  # rounded, not cut off
    assert inference.decode_to_bytes(any_model, latents[:0]).shape == (0, *any_model.image_shape)


def test_a_sheet_is_the_lattice_decoded_row_by_row(any_model: Autoencoder) -> None:
    flat = planes.axes(noise(any_model.latent_dim), 0, 2)
    xs, ys = planes.evenly_spaced(-3, 3, 5), planes.evenly_spaced(2, -2, 4)
    decoded = planes.sheet(any_model, flat, xs, ys)
    assert decoded.shape == (4, 5, *any_model.image_shape)
    for row, y in enumerate(ys):
        points = torch.stack([xs, y.expand(5)], dim=1)
        assert torch.equal(
            decoded[row], inference.decode_to_bytes(any_model, flat.latents(points))
        )


def test_codes_of_another_model_are_explained() -> None:
    with pytest.raises(UsageError, match=r"shape \[n, 3\]; got \[4, 2\]"):
        inference.decode_to_bytes(small("vae"), noise(4, 2))


@pytest.mark.parametrize("path", interpolation.PATHS)
@pytest.mark.parametrize("latent_dim", [1, 2, 20])
@pytest.mark.parametrize("scale", [3.0, 1.0, 1e-3, 0.0, -1e-3, -1.0, -3.0])
def test_a_walk_holds_both_ends_and_numbers_alone(
    path: str, latent_dim: int, scale: float
) -> None:
    start = noise(latent_dim)
    for one, two in [(start, scale * start), (scale * start, start)]:  # parallel, opposite, zero
        latents = interpolation.interpolate(one, two, 9, path)
        assert latents.shape == (9, latent_dim) and latents.isfinite().all()
        torch.testing.assert_close(latents[0], one)
        torch.testing.assert_close(latents[-1], two)


def test_rounding_turns_no_parallel_or_opposite_latents_into_nan() -> None:
    for point in noise(200, 7):  # their cosine is often just beyond 1
        for scale in (1.7, -1.7):
            assert interpolation.interpolate(point, scale * point, 5, "spherical").isfinite().all()


def test_a_straight_walk_has_equal_steps() -> None:
    start, end = noise(2, 6)
    steps = interpolation.interpolate(start, end, 11).diff(dim=0)
    torch.testing.assert_close(steps, ((end - start) / 10).expand(10, 6))


@pytest.mark.parametrize("latent_dim", [2, 20])
def test_between_equal_lengths_the_arc_is_whites(latent_dim: int) -> None:
    start, end = 2 * torch.nn.functional.normalize(noise(2, latent_dim), dim=1)
    for share, point in enumerate(interpolation.interpolate(start, end, 13, "spherical")):
        np.testing.assert_allclose(point.numpy(), white(share / 12, start, end), atol=1e-6)


def test_an_arc_in_two_numbers_in_closed_form() -> None:
    latents = interpolation.interpolate(
        torch.tensor([1.0, 0.0]), torch.tensor([0.0, 3.0]), 7, "spherical"
    )
    angle, length = torch.linspace(0, math.pi / 2, 7), torch.linspace(1, 3, 7)
    expected = length[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)
    torch.testing.assert_close(latents, expected, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("latent_dim", [2, 3, 20])
@pytest.mark.parametrize("goal", ["any", "nearly opposite", "opposite", "nearly parallel"])
def test_an_arc_turns_evenly_and_its_length_changes_evenly(latent_dim: int, goal: str) -> None:
    start, end = noise(2, latent_dim)
    if goal != "any":
        aside = 0.0 if goal == "opposite" else 1e-3
        end = (2.0 if "parallel" in goal else -2.0) * start + aside * end
    latents = interpolation.interpolate(start, end, 17, "spherical")
    turns = angles(latents)
    torch.testing.assert_close(turns, turns.mean().expand(16), atol=1e-4, rtol=1e-3)
    whole_turn = angles(torch.stack([start, end])).item()
    assert turns.sum().item() == pytest.approx(whole_turn, abs=2e-3)
    expected = torch.linspace(start.norm().item(), end.norm().item(), 17)
    torch.testing.assert_close(latents.norm(dim=1), expected)


def test_between_unequal_lengths_whites_formula_swings_out() -> None:
    angle = math.radians(170)
    start, end = torch.tensor([1.0, 0.0]), 2 * torch.tensor([math.cos(angle), math.sin(angle)])
    theirs = max(np.linalg.norm(white(share, start, end)) for share in np.linspace(0, 1, 99))
    assert theirs > 5
    assert interpolation.interpolate(start, end, 99, "spherical").norm(dim=1).max() <= 2 + 1e-5


@pytest.mark.parametrize("path", interpolation.PATHS)
def test_a_tour_is_closed_and_doubles_no_frame(path: str) -> None:
    stops = noise(3, 4)
    latents = interpolation.tour(stops, 6, path)
    assert latents.shape == (18, 4)
    torch.testing.assert_close(latents[::6], stops)
    back = interpolation.interpolate(stops[2], stops[0], 7, path)
    torch.testing.assert_close(torch.cat([latents[12:], latents[:1]]), back)
    assert torch.pdist(latents).min() > 1e-3


def test_a_straight_tour_steps_evenly_on_each_leg() -> None:
    stops = noise(3, 4)
    latents = interpolation.tour(stops, 5)
    steps = torch.cat([latents, latents[:1]]).diff(dim=0).norm(dim=1)
    legs = (stops.roll(-1, dims=0) - stops).norm(dim=1)
    torch.testing.assert_close(steps, (legs / 5).repeat_interleave(5))


def test_a_tour_of_one_stop_stays_there() -> None:
    stop = noise(1, 4)
    assert torch.equal(interpolation.tour(stop, 3), stop.expand(3, 4))


@pytest.mark.parametrize("batch", [(), (1,)])
def test_a_crossfade_mixes_pixels(batch: tuple[int, ...], images: torch.Tensor) -> None:
    start, end = images[0].reshape(*batch, 1, 8, 12), images[1].reshape(*batch, 1, 8, 12)
    faded = interpolation.crossfade(start, end, 5)
    assert faded.shape == (5, 1, 8, 12)
    torch.testing.assert_close(faded[1], 0.75 * images[0] + 0.25 * images[1])
    assert torch.equal(faded[0], images[0]) and torch.equal(faded[-1], images[1])


def test_a_traversal_changes_one_number() -> None:
    point, values = noise(5), planes.evenly_spaced(-2, 2, 9)
    before = point.clone()
    latents = interpolation.traverse(point, 3, values)
    assert torch.equal(latents[:, 3], values)
    assert torch.equal(latents[:, [0, 1, 2, 4]], point[[0, 1, 2, 4]].expand(9, 4))
    assert torch.equal(point, before)


@torch.no_grad()
def test_effects_are_the_changes_of_the_picture_one_latent_at_a_time(
    any_model: Autoencoder,
) -> None:
    point, low, high = noise(3, any_model.latent_dim)
    low[1] = high[1]  # a latent that does not move
    changes = importance.effects(any_model, point, low, high)
    for index, change in enumerate(changes):
        one, two = interpolation.traverse(point, index, torch.stack([low[index], high[index]]))
        apart = any_model.decode(one[None]) - any_model.decode(two[None])
        assert change.item() == pytest.approx(apart.square().mean().sqrt().item(), abs=1e-6)
    assert changes[1] == 0 and changes[0] > 0


def test_arithmetic() -> None:
    a, b, c = noise(3, 4)
    torch.testing.assert_close(interpolation.arithmetic(a, b, c), a + c - b)


def test_a_fitted_gaussian_has_the_mean_and_covariance_of_the_latents() -> None:
    latents = 3 + noise(400, 5) @ noise(5, 5, seed=1)
    gaussian = sampling.fit_gaussian(latents)
    np.testing.assert_allclose(gaussian.mean.numpy(), latents.numpy().mean(axis=0), rtol=1e-5)
    covariance = (gaussian.factor @ gaussian.factor.T).numpy()
    np.testing.assert_allclose(covariance, np.cov(latents.numpy().T), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "latents",
    [noise(4, 20), noise(1, 3), torch.zeros(9, 3), noise(50, 3) * torch.tensor([1.0, 0.0, 1e4])],
    ids=["fewer than numbers", "one", "all dead", "one dead"],
)
def test_a_gaussian_is_fitted_to_whatever_latents_there_are(latents: torch.Tensor) -> None:
    samples = sampling.sample_latents(sampling.fit_gaussian(latents), 100)
    assert samples.isfinite().all()
    away = (samples - latents.mean(dim=0)).abs().max().item()
    assert away <= 6 * max(latents.std(dim=0, correction=0).max().item(), 1e-5)


def test_samples_have_the_moments_of_torchs_own() -> None:
    gaussian = sampling.fit_gaussian(2 + noise(300, 3) @ noise(3, 3, seed=1))
    oracle = MultivariateNormal(gaussian.mean, scale_tril=gaussian.factor)
    samples = sampling.sample_latents(gaussian, 50_000, seed=3)
    spread = oracle.covariance_matrix.abs().max().item()
    torch.testing.assert_close(samples.mean(dim=0), oracle.mean, atol=0.03 * spread, rtol=0)
    torch.testing.assert_close(
        samples.T.cov(), oracle.covariance_matrix, atol=0.03 * spread, rtol=0
    )


def test_temperature_scales_the_noise_and_nothing_else() -> None:
    gaussian = sampling.fit_gaussian(2 + noise(300, 3))
    cool, warm = (sampling.sample_latents(gaussian, 5, heat, seed=2) for heat in (0.5, 1.0))
    torch.testing.assert_close(2 * (cool - gaussian.mean), warm - gaussian.mean)
    assert torch.equal(sampling.sample_latents(gaussian, 5, 0), gaussian.mean.expand(5, 3))


def test_a_sample_depends_on_its_seed_alone() -> None:
    first = sampling.sample_latents(sampling.standard_normal(4), 6, seed=7)
    torch.rand(100)  # someone else uses the global generator
    assert torch.equal(sampling.sample_latents(sampling.standard_normal(4), 6, seed=7), first)
    assert not torch.equal(sampling.sample_latents(sampling.standard_normal(4), 6, seed=8), first)


@pytest.mark.parametrize("name", ["vae", "conv-vae"])
def test_nats_per_latent_are_torchs_own_and_add_to_the_rate(
    name: str, images: torch.Tensor
) -> None:
    model = small(name)
    assert isinstance(model, GaussianLatents)
    many = torch.cat([images.repeat(150, 1, 1, 1), images[:3]])  # batches of different sizes
    nats = importance.kl_per_latent(model, many)
    posterior = model.posterior(many)
    q = Normal(posterior.mean, (0.5 * posterior.log_var).exp())
    expected = kl_divergence(q, Normal(0.0, 1.0)).mean(dim=0).detach()
    torch.testing.assert_close(nats, expected, atol=1e-6, rtol=1e-4)
    assert nats.sum().item() == pytest.approx(
        model.sample_latents(many).rate.mean().item(), rel=1e-4
    )


def test_nothing_is_changed_and_nothing_learns(any_model: Autoencoder) -> None:
    latents = any_model.encode(noise(4, *any_model.image_shape).sigmoid())  # with gradients
    before = latents.detach().clone()
    results = [
        interpolation.interpolate(latents[0], latents[1], 5, "spherical"),
        interpolation.tour(latents, 2),
        inference.decode_to_bytes(any_model, latents),
        sampling.fit_gaussian(latents).factor,
        interpolation.traverse(latents[0], 1, torch.zeros(2)),
        planes.axes(latents[0], 0, 1).latents(torch.zeros(1, 2)),
    ]
    assert not any(result.requires_grad for result in results)
    assert torch.equal(latents, before)


@pytest.mark.parametrize(
    "mistake, words",
    [
        (lambda: planes.whole(1), "latent_dim must be a whole number from 2 to 512; got 1"),
        (lambda: planes.axes(noise(3), 0, 3), "second must be a whole number from 0 to 2; got 3"),
        (lambda: planes.axes(noise(3), -1, 1), "first must be a whole number from 0 to 2; got -1"),
        (lambda: planes.axes(noise(3), 1, 1), "two different latents; got 1 twice"),
        (lambda: planes.evenly_spaced(0, 1, 1), "count must be a whole number from 2"),
        (lambda: planes.quantiles(0), "count must be a whole number from 1"),
        (lambda: planes.quantiles(5, -1.0), "sigma must be a number from 0"),
        (
            lambda: interpolation.interpolate(noise(3), noise(3), 1),
            "must be a whole number from 2",
        ),
        (
            lambda: interpolation.interpolate(noise(3), noise(3), 5, "sperical"),
            "Did you mean 'spherical'?",
        ),
        (
            lambda: interpolation.tour(noise(0, 3), 5),
            "number of stops must be a whole number from 1",
        ),
        (lambda: interpolation.tour(noise(2, 3), 0), "frames must be a whole number from 1"),
        (lambda: interpolation.traverse(noise(3), 3, noise(2)), "latent must be a whole number"),
        (lambda: sampling.standard_normal(0), "latent_dim must be a whole number from 1"),
        (lambda: sampling.fit_gaussian(noise(0, 3)), "no codes to fit"),
        (
            lambda: sampling.sample_latents(sampling.standard_normal(2), 0),
            "count must be a whole number from 1",
        ),
        (
            lambda: sampling.sample_latents(sampling.standard_normal(2), 5, math.nan),
            "temperature must be a number",
        ),
    ],
)
def test_mistakes_are_explained(mistake, words: str) -> None:  # noqa: ANN001
    with pytest.raises(UsageError, match=words.replace("?", r"\?")):
        mistake()
