"""The figure on style: what the page computes of a drawing and of dice is what the library makes of them."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from playground.components import assets
from playground.store.models import Store
from vae_core.models import Autoencoder

from .hands import THREE, draw, eventually
from .test_figures import questions, ready
from .test_learn import open_chapter

GREY = """(canvas) => [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]
    .filter((_, i) => i % 4 === 0)"""
NAME = "cvae-8"


@pytest.fixture
def figure(page: Page) -> Locator:
    """The figure, its model in the page, and a three on the canvas."""
    ready(page, NAME, "vae-20")
    open_chapter(page, "style")
    page.evaluate("(hash) => (location.hash = hash)", "tab=learn&chapter=style&told=read&sample=1")
    page.locator("#canvas [data-do=clear]").click()
    draw(page, THREE)
    found = page.locator("[data-chapter=style] .figure")
    said(page, "Told “3”: the digit classifier")
    return found


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-chapter=style] .notice")).to_contain_text(words)


def pictures(hand: Locator) -> torch.Tensor:
    """The digits of a hand as bytes: [10, 1, 28, 28]."""
    found = [np.array(each.evaluate(GREY)) for each in hand.locator("button canvas").all()]
    return torch.tensor(np.stack(found).reshape(10, 1, 28, 28))


@torch.inference_mode()
def in_ten(model: Autoencoder, latents: torch.Tensor) -> torch.Tensor:
    return model.told(torch.arange(10)).decode(latents.expand(10, -1))


def off(found: torch.Tensor, wanted: torch.Tensor) -> float:
    """The largest difference, in levels of grey."""
    return (found - 255 * wanted).abs().max().item()


@torch.inference_mode()
def test_the_hand_of_a_drawing_writes_all_ten_digits(
    page: Page, store: Store, figure: Locator
) -> None:
    model: Any = store.get(NAME).model
    own = figure.locator(".hand").first

    def drawing() -> torch.Tensor:
        return torch.tensor(own.locator("canvas").first.evaluate(GREY)).reshape(1, 1, 28, 28) / 255

    def read_as(digit: int) -> torch.Tensor:
        return in_ten(model, model.told(torch.tensor([digit])).encode(drawing()))

    eventually(page, lambda: off(pictures(own), read_as(3)) <= 1)
    rate = model.told(torch.tensor([3])).posterior(drawing()).kl_per_latent().sum()
    said(page, f"This hand costs {rate:.1f} nats")

    asks = questions(page)
    figure.get_by_role("button", name="7", exact=True).click()
    said(page, "Told “7”, because you say so")
    eventually(page, lambda: off(pictures(own), read_as(7)) <= 1)
    assert off(pictures(own), read_as(3)) > 50
    expect(figure.get_by_role("button", name="7", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page).to_have_url(re.compile("told=7"))
    figure.get_by_role("button", name="7", exact=True).click()
    eventually(page, lambda: off(pictures(own), read_as(3)) <= 1)
    assert asks == []


def test_dice_make_new_hands_that_a_link_brings_back(
    page: Page, store: Store, figure: Locator
) -> None:
    model = store.get(NAME).model
    latents = model.sample_prior(3, torch.Generator().manual_seed(1))
    hands = figure.locator(".hand")
    for hand, each in zip(hands.all()[1:], latents, strict=True):
        wanted = in_ten(model, each)
        eventually(page, lambda hand=hand, wanted=wanted: off(pictures(hand), wanted) <= 1)
    first = pictures(hands.last)
    figure.get_by_role("button", name="Roll the dice").click()
    eventually(page, lambda: not torch.equal(pictures(hands.last), first))
    page.evaluate("(hash) => (location.hash = hash)", "tab=learn&chapter=style&sample=1&told=2")
    eventually(page, lambda: torch.equal(pictures(hands.last), first))
    said(page, "Told “2”")


def test_a_digit_of_a_hand_goes_on_the_canvas(page: Page, figure: Locator) -> None:
    figure.get_by_role("button", name="Put on the canvas: Your hand, 5").click()
    said(page, "Told “5”: the digit classifier")


def test_the_server_tells_a_model_that_the_page_does_not_run(page: Page, store: Store) -> None:
    found = page.evaluate(
        """async ([url, name]) => {
            const { remoteModel } = await import(new URL(url, document.baseURI));
            return [...await remoteModel(name).decode(new Float32Array(80), 10, [...Array(10).keys()])];
        }""",
        [assets.url("engine/models/model.js"), NAME],
    )
    wanted = in_ten(store.get(NAME).model, torch.zeros(8))
    np.testing.assert_array_equal(np.float32(found), wanted.flatten())
