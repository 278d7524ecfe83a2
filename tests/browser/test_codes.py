"""The figure on codes: numbers, pictures and changes are what the library makes of the drawing."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from playground.store.models import Store

from .hands import THREE, draw, eventually
from .test_figures import ready
from .test_learn import open_chapter
from .test_style import GREY, off

NAME = "vq-vae-49"


@pytest.fixture
def figure(page: Page) -> Locator:
    """The figure with its model in the page, nothing changed, and a three on the canvas."""
    ready(page, NAME)
    open_chapter(page, "codes")
    page.evaluate("(hash) => (location.hash = hash)", "tab=learn&chapter=codes&cell=24")
    page.locator("#canvas [data-do=clear]").click()
    draw(page, THREE)
    found = page.locator("[data-chapter=codes] .figure")
    expect(page.locator("[data-chapter=codes] .notice")).to_contain_text("This digit takes")
    return found


def grey(canvas: Locator, side: int = 28) -> torch.Tensor:
    return torch.tensor(np.array(canvas.evaluate(GREY)).reshape(1, 1, side, side))


def numbers(figure: Locator) -> torch.Tensor:
    found = figure.get_by_role("gridcell").all_inner_texts()
    return torch.tensor([int(each) for each in found]).reshape(1, 7, 7)


def drawn(figure: Locator) -> torch.Tensor:
    return grey(figure.get_by_role("img", name="Drawn from the numbers"))


@torch.inference_mode()
def test_the_numbers_are_the_librarys_and_one_of_them_changes_one_patch(
    page: Page, store: Store, figure: Locator
) -> None:
    model = store.get(NAME).model

    def of_the_drawing() -> torch.Tensor:
        digit = grey(figure.get_by_role("img", name="Your digit")) / 255
        return model.codes_of(model.encode(digit))

    eventually(page, lambda: torch.equal(numbers(figure), of_the_drawing()))
    given = of_the_drawing()
    eventually(page, lambda: off(drawn(figure), model.decode(model.latents_of(given))) <= 1)
    said = page.locator("[data-chapter=codes] .notice")
    expect(said).to_contain_text(
        f"takes {len(given.unique())} of the 36 codes: 49 cells, 32 bytes"
    )

    cell, other = figure.get_by_role("gridcell").nth(16), (int(given[0, 2, 2]) + 7) % 36
    cell.click()
    figure.get_by_role("button", name=f"Code {other}", exact=True).click()
    expect(cell).to_have_text(str(other))
    changed = given.clone()
    changed[0, 2, 2] = other
    eventually(page, lambda: off(drawn(figure), model.decode(model.latents_of(changed))) <= 1)
    expect(said).to_contain_text("One cell has another number")
    expect(page).to_have_url(re.compile(f"cell=16&code={other}"))

    cell.focus()
    page.keyboard.press("+")
    expect(cell).to_have_text(str((other + 1) % 36))
    page.keyboard.press("ArrowRight")
    expect(figure.get_by_role("gridcell").nth(17)).to_be_focused()
    page.keyboard.press("PageDown")
    expect(said).to_contain_text("2 cells have another number")
    figure.get_by_role("button", name="As the encoder has it").click()
    eventually(page, lambda: torch.equal(numbers(figure), given))


@torch.inference_mode()
def test_what_a_cell_could_be_are_patches_of_pictures_with_each_code(
    page: Page, store: Store, figure: Locator
) -> None:
    model = store.get(NAME).model

    def wanted() -> torch.Tensor:
        tries = numbers(figure).repeat(36, 1, 1)
        tries[:, 3, 3] = torch.arange(36)
        return model.decode(model.latents_of(tries))[:, :, 10:18, 10:18]

    patches = figure.locator(".pieces canvas")

    def found() -> torch.Tensor:
        return torch.cat([grey(each, side=8) for each in patches.all()])

    eventually(page, lambda: off(found(), wanted()) <= 1)


def test_a_link_brings_a_changed_cell_back_and_another_drawing_has_its_own(
    page: Page, figure: Locator
) -> None:
    page.evaluate("(hash) => (location.hash = hash)", "tab=learn&chapter=codes&cell=30&code=5")
    cell = figure.get_by_role("gridcell").nth(30)
    expect(cell).to_have_text("5")
    expect(cell).to_have_attribute("aria-selected", "true")
    page.reload()
    expect(cell).to_have_text("5")
    draw(page, [(x, 1 - y) for x, y in THREE])
    expect(figure.get_by_role("button", name="As the encoder has it")).to_be_disabled()


@torch.inference_mode()
def test_the_answer_says_how_far_a_change_reaches(store: Store) -> None:
    from playground.inference.examples import examples
    from playground.inference.images import as_images

    model, generator = store.get(NAME).model, torch.Generator().manual_seed(0)
    codes = model.codes_of(model.encode(as_images(examples().pictures)))
    before = model.decode(model.latents_of(codes))
    down, right = torch.meshgrid(torch.arange(28) + 0.5, torch.arange(28) + 0.5, indexing="ij")
    near = []
    for _ in range(10):
        row, column = torch.randint(7, (2,), generator=generator).tolist()
        changed = codes.clone()
        changed[:, row, column] = torch.randint(36, (len(codes),), generator=generator)
        change = (model.decode(model.latents_of(changed)) - before)[:, 0].square()
        away = torch.maximum((down - 4 * row - 2).abs(), (right - 4 * column - 2).abs())
        assert not change[:, away > 18].any()  # from the fourth cell on
        whole = change.sum(dim=(1, 2))
        near.append(((change * (away <= 10)).sum(dim=(1, 2)) / whole)[whole > 0.01])
    assert torch.cat(near).mean() > 0.95
