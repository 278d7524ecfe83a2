"""The Atlas tab: what stands beside a map, and t-SNE that begins at once."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .test_atlas import BESIDE, MAIN, open_atlas


@pytest.fixture
def atlas(tab: Page, complaints: list[str]) -> Iterator[Page]:
    open_atlas(tab)
    yield tab
    tab.evaluate("document.querySelector('.atlas-zone [data-do=close]').click()")
    tab.get_by_label("What is shown beside it").select_option("pixels")


def test_any_other_model_may_stand_beside_it(atlas: Page) -> None:
    beside = atlas.get_by_label("What is shown beside it")
    expect(beside.locator("option", has_text=re.compile("^Variational$"))).to_have_count(0)
    beside.select_option("vanilla-32")
    expect(atlas.locator(f"{BESIDE} h3")).to_have_text("Vanilla")
    expect(atlas.locator(f"{BESIDE} .what")).to_contain_text("a code of 32 numbers, by t-SNE")
    expect(atlas.locator(f"{MAIN} .what")).to_contain_text("a code of 20 numbers, by t-SNE")
    beside.select_option("vae-2")
    expect(atlas.locator(f"{BESIDE} .what")).to_contain_text("a code of 2 numbers, as they are")
    beside.select_option("")
    expect(atlas.locator(BESIDE)).to_be_hidden()


def test_where_the_pixels_win_it_says_what_the_numbers_compare(atlas: Page) -> None:
    note = atlas.locator(".atlas-zone .wins")
    expect(note).to_contain_text("raw pixels has the better trustworthiness (0.974 against 0.958)")
    expect(note).to_contain_text("KL divergence (1.555 against 2.016)")
    expect(note).to_contain_text("does not make it the better code")
    atlas.get_by_label("What is shown beside it").select_option("")
    expect(note).to_be_hidden()


def test_t_sne_begins_at_once_and_says_until_it_has_taken_shape(atlas: Page) -> None:
    expect(atlas.locator("#tsne-form")).to_be_hidden()
    atlas.get_by_role("button", name="Run t-SNE").click()
    expect(atlas.locator("#tsne-form .settings")).to_be_hidden()
    expect(atlas.locator(f"{MAIN} .what")).to_contain_text("still taking shape")
    atlas.get_by_role("button", name="Stop").click()
    atlas.locator("#tsne-form summary").click()
    for name, value in {"points": 300, "early_iterations": 50, "iterations": 50}.items():
        atlas.locator(f"#tsne-form [name={name}]").fill(str(value))
    atlas.get_by_role("button", name="Start").click()
    expect(atlas.locator("#tsne-form output")).to_contain_text("Done")
    for panel in (MAIN, BESIDE):
        expect(atlas.locator(f"{panel} .what")).not_to_contain_text("taking shape")
