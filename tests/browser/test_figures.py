"""What figures compute in the page: the numbers and pictures of the library, and no question to the server."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from playground.components import assets
from playground.facts import experiments as facts
from playground.inference.robustness import KINDS, PASSES
from playground.inference.tasks import coloured, segmented
from playground.store.models import Store
from playground.wire.packing import unpack
from vae_core.data import strokes
from vae_core.data.corruption import corrupt
from vae_core.data.drawings.digit import to_digit
from vae_core.evaluation.baselines import random_projection
from vae_core.evaluation.compression import Span, dequantise, quantise
from vae_core.evaluation.metrics import psnr_db
from vae_core.experiments.catalogue import SIZED
from vae_core.interpret import equivariance
from vae_core.interpret.activations import kernels
from vae_core.interpret.gradients import trace
from vae_core.models import GaussianLatents
from vae_core.models.inference import distortion_and_rate, passes
from vae_core.types import Images

from .hands import ONE, draw, eventually
from .test_learn import SEEN, open_chapter

DIGITS = np.stack(
    [to_digit(strokes.draw(each.strokes)) for each in strokes.example_digits()[::9]]
)  # 0, 3 and 6
IMAGES = torch.tensor(DIGITS)[:, None] / 255

ASK = """async ([url, name, values]) => {
    const module = await import(new URL(url, document.baseURI));
    const found = await module[name](...values);
    return JSON.parse(JSON.stringify(found, (_, value) => (ArrayBuffer.isView(value) ? [...value] : value)));
}"""
READY = """async ([url, names]) => {
    const { coder } = await import(new URL(url, document.baseURI));
    return Promise.all(names.map((name) => coder(name).ready));
}"""


@pytest.fixture
def page(page: Page) -> Page:
    """A page with a digit drawn on its canvas."""
    page.locator("#canvas [data-do=clear]").click()
    draw(page, ONE)
    return page


def asked(page: Page, script: str, name: str, *values: Any) -> Any:
    """What the function of a script gives in the page."""
    return page.evaluate(ASK, [assets.url(script), name, values])


def ready(page: Page, *models: str) -> None:
    """Waits until these models run in the page; from then on it asks nobody."""
    assert all(page.evaluate(READY, [assets.url("state/coders.js"), models]))


def questions(page: Page) -> list[str]:
    """The live routes that the page asks from now on."""
    found: list[str] = []
    page.on("request", lambda each: found.append(each.url) if "/live/" in each.url else None)
    return found


def image_of(picture: list[int]) -> Images:
    return torch.tensor(picture).reshape(1, 1, 28, 28) / 255


def near(picture: Any, image: Images) -> None:
    """A picture of bytes is this image, to one level of grey."""
    assert np.abs(np.array(picture).flatten() - 255 * image.flatten().numpy()).max() <= 1


def close(found: Any, wanted: Any, most: float = 1e-3) -> None:
    """They are the same to a share of the largest."""
    wanted = np.asarray(wanted)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=most * max(1, np.abs(wanted).max()))


def test_the_loss_and_its_gradients_are_the_librarys(page: Page, store: Store) -> None:
    ready(page, "vae-2")
    told = asked(page, "graph/numbers.js", "askTrace", "vae-2", [0.5, -1])
    model = store.get("vae-2").model
    assert isinstance(model, GaussianLatents)
    found = trace(model, image_of(told["image"]), torch.tensor([[0.5, -1.0]]))
    assert (
        np.abs(np.array(told["picture"]) / 255 - found.picture.flatten().numpy()).max() < 1 / 255
    )
    close(told["loss"], found.loss)
    close(told["push"], found.grad_logits.norm())
    for name, field in [("code", "latents"), ("byCode", "grad_latents"), ("byLogVar", "grad_log_var"),
                        ("rateByMean", "rate_grad_mean"), ("drawnByLogVar", "sampled_grad_log_var")]:  # fmt: skip
        close(told[name], getattr(found, field))
    assert told["beta"] == 1


@pytest.mark.parametrize("name", ["conv-32", "vae-20"])
def test_a_number_of_the_code_is_raised_by_its_standard_deviation(
    page: Page, store: Store, name: str
) -> None:
    ready(page, name)
    page.get_by_role("tab", name="Learn", exact=True).click()
    page.locator(".chapters button", has_text="Autoencoder").first.click()
    chapter = page.locator("[data-chapter=autoencoder]")
    chapter.get_by_label("Model", exact=True).select_option(name)
    title = chapter.locator(".unit h4")
    chapter.locator(".network").focus()
    expect(title).to_contain_text("Code, number 1: ")
    deviation = store.atlas(name).latents[:, 0].std(ddof=1)
    expect(chapter.locator(".unit figcaption").last).to_contain_text(f"raised by {deviation:.2f}")
    asks = questions(page)
    chapter.locator(".network").press("ArrowDown")
    expect(title).not_to_contain_text("number 1: ")
    expect(chapter.locator(".unit figcaption").last).not_to_contain_text(f"by {deviation:.2f}")
    assert asks == []


def test_the_maps_of_a_convolution_follow_the_digit(page: Page, store: Store) -> None:
    ready(page, "conv-32", "deep-32")
    told = asked(
        page, "learn/figures/convolutions/windows.js", "compared", {"right": -2, "down": 4}
    )
    here, there = np.array(told["pictures"]).reshape(2, 28, 28)
    assert np.array_equal(there[4:, :-2], here[:-4, 2:]) and not there[:4].any()
    image = image_of(told["pictures"][0])
    for layer, name in [("conv", "conv-32"), ("dense", "deep-32")]:
        found = equivariance.moved(store.get(name).model, image, -2, 4)
        close(told[layer]["before"], found.before.flatten())
        close(told[layer]["after"], found.after.flatten())
        assert told[layer]["change"] == pytest.approx(found.change, rel=1e-3)
    assert told["conv"]["along"] < 1e-5 < told["conv"]["change"]
    weights: Any = kernels(store.get("conv-32").model)
    assert told["conv"]["kernels"] == weights.flatten().tolist()


def test_the_costs_are_those_of_torchs_own_distributions(page: Page, store: Store) -> None:
    names = ["vae-20", "beta-4"]
    ready(page, "vae-20", "experiments/beta-4")
    image = image_of(asked(page, "graph/numbers.js", "askTrace", "vae-2", [0, 0])["image"])
    told = asked(page, "learn/figures/costs/parts.js", "askCosts", names)
    coin = torch.distributions.Bernoulli(probs=image, validate_args=False)
    assert told["floor"] == pytest.approx(coin.entropy().sum().item(), rel=1e-3)
    for found, name in zip(told["models"], names, strict=True):
        model: Any = (store.experiment if name.startswith("beta") else store.get)(name).model
        posterior = model.posterior(image)
        cloud = torch.distributions.Normal(posterior.mean[0], posterior.std[0])
        kl = torch.distributions.kl_divergence(cloud, torch.distributions.Normal(0.0, 1.0))
        close(found["rates"], kl)
        close([*found["mean"], *found["spread"]], [*cloud.mean, *cloud.stddev])
        assert found["rate"] == pytest.approx(kl.sum().item(), rel=1e-3)
        logits = model.decode_logits(posterior.mean)
        pixels = torch.distributions.Bernoulli(logits=logits, validate_args=False)
        close(found["crossEntropy"], -pixels.log_prob(image).sum().item())
        close(found["squaredError"], (pixels.probs - image).square().sum().item())
        assert (
            np.abs(np.array(found["picture"]) / 255 - pixels.probs.flatten().numpy()).max()
            < 1 / 255
        )
        close(found["distortion"], distortion_and_rate(model, image.expand(16, -1, -1, -1))[0])


def test_a_digit_is_spoilt_in_every_way_and_denoised(page: Page, store: Store) -> None:
    ready(page, "denoising-64")
    model, noise = store.get("denoising-64").model, {"strength": 0.5, "seed": 7}
    told = asked(
        page,
        "learn/figures/noise/kinds.js",
        "cleaned",
        "denoising-64",
        DIGITS[1].flatten().tolist(),
        noise,
        "turned",
    )
    image = IMAGES[[1]]
    for kind in told["kinds"]:
        noisy = corrupt(image, kind["kind"], 0.5, torch.Generator().manual_seed(7), KINDS)
        near(255 * np.array(kind["noisy"]), noisy)
        near(255 * np.array(kind["drawn"]), model.reconstruct(noisy))
        error = (model.reconstruct(noisy) - image).square().mean().item()
        assert kind["after"] == pytest.approx(psnr_db(error), abs=0.01)
    start = corrupt(image, "turned", 0.5, torch.Generator().manual_seed(7), KINDS)
    for picture, count in zip(told["passes"], PASSES, strict=True):
        near(picture, passes(model, start, count)[-1])
    assert told["changes"][0] > told["changes"][-1] > 0 and len(told["looks"]["classes"]) == 7


def test_copies_are_what_the_models_reconstruct(page: Page, store: Store) -> None:
    ready(page, "conv-32", "vae-20")
    noise = np.random.default_rng(0).integers(0, 256, 784, np.uint8)
    pictures = [*DIGITS.reshape(-1, 784).tolist(), noise.tolist()]
    images = torch.cat([IMAGES, image_of(noise.tolist())])
    for width in (40, 300, 784):
        rows = asked(
            page,
            "learn/figures/bottleneck/copies.js",
            "copiesOf",
            pictures,
            ["conv-32", "vae-20"],
            width,
        )
        drawn = [store.get(name).model.reconstruct(images) for name in ("conv-32", "vae-20")]
        for row, wanted in zip(rows, [*drawn, random_projection(images, width)], strict=True):
            for copy, image in zip(row, wanted, strict=True):
                near(copy["picture"], image)
        assert (rows[-1][-1]["picture"] == pictures[-1]) == (width == 784)
        assert (rows[-1][-1]["psnr"] is None) == (width == 784)  # infinite: the very same


def test_the_figures_of_noise_and_copies_ask_the_server_nothing(page: Page) -> None:
    ready(page, "denoising-64", "vae-20", "conv-32", "sparse-256")
    for name, slider in [
        ("noise", "Strength of every noise"),
        ("bottleneck", "Numbers in the untrained code"),
    ]:
        open_chapter(page, name)
        figure = page.locator(f"[data-chapter={name}] .figure")
        seen = figure.evaluate(SEEN)
        asks = questions(page)
        figure.get_by_role("slider", name=slider).press("Home")
        eventually(page, lambda: figure.evaluate(SEEN) != seen)  # noqa: B023
        assert [each for each in asks if re.search("live/(denoise|scores|copies)", each)] == []


@pytest.mark.parametrize("form", ["float", "byte"])
def test_a_picture_comes_back_from_every_size(page: Page, store: Store, form: str) -> None:
    about, _ = unpack(facts.sizes(store), 2**20)
    script, digit = "learn/figures/compression/codes.js", DIGITS[1].flatten().tolist()
    made = [
        asked(page, script, "coded", about, digit, form, at) for at in range(len(about["numbers"]))
    ]
    for kind, row in zip(about["kinds"], zip(*made, strict=True), strict=True):
        for size, found, ends in zip(about["numbers"], row, kind["spans"], strict=True):
            model = store.experiment(SIZED[kind["name"]][size]).model
            latents = model.encode(IMAGES[[1]])
            if form == "byte":
                span = Span(*map(torch.tensor, ends))
                latents = dequantise(quantise(latents, span), span)
            near(found["picture"], model.decode(latents))
            error = np.square((np.array(found["picture"]) - DIGITS[1].flatten()) / 255).mean()
            assert found["psnr"] == pytest.approx(psnr_db(error), abs=1e-3)


@pytest.mark.parametrize(("strength", "seed"), [(0.75, 1), (0, 5), (1, 12345)])
def test_a_digit_is_coloured_and_found_in_clutter(
    page: Page, store: Store, strength: float, seed: int
) -> None:
    script, digit = "learn/figures/colour/made.js", DIGITS[2]
    pixels = digit.flatten().tolist()
    told, wanted = (
        asked(page, script, "coloured", pixels, facts.tasks(store)["classes"]),
        coloured(digit, store),
    )
    assert np.abs(np.array(told["painted"]) - wanted.picture.flatten()).max() <= 1
    assert np.abs(np.array(told["colour"]) - wanted.colour).max() <= 1
    assert told["nearest"] == wanted.nearest
    assert [each for each, _ in told["shares"]] == wanted.classes.tolist()
    close([share for _, share in told["shares"]], wanted.shares)
    found, there = (
        asked(page, script, "segmented", pixels, strength, seed),
        segmented(digit, strength, seed, store),
    )
    for name, picture in [("seen", there.seen), ("odds", there.certainty)]:
        assert np.abs(np.array(found[name]) - picture.flatten()).max() <= 1
    assert np.array_equal(np.array(found["truth"]) > 0, there.truth.flatten() > 0)
    assert found["iou"] == pytest.approx(there.iou, abs=0.01)
    assert found["threshold"]["iou"] == pytest.approx(there.level_iou, abs=0.01)
