"""The Map tab: what is a digit and what is none, darts, and the digit that travels with the point."""

import math
import re

import pytest
import torch
from playwright.sync_api import Page, expect

from playground.inference.latent import map_layers
from playground.store.models import Store
from vae_core.evaluation import likeness
from vae_core.latent import sampling
from vae_core.models import inference
from vae_core.types import to_floats

from .hands import ONE, draw, eventually
from .test_links import follow
from .test_map import PADS, fingerprint, go, here, layer, pad, point, square

ZERO = tuple(
    (0.5 + 0.25 * math.cos(turn / 4), 0.5 + 0.35 * math.sin(turn / 4)) for turn in range(27)
)


@pytest.fixture(scope="module")
def map_tab(tab: Page) -> Page:
    tab.get_by_role("tab", name="Map").click()
    here(tab, [*PADS, "vae-20", "vanilla-32"])
    expect(tab.locator(".share-title strong")).to_have_count(2)
    return tab


@pytest.fixture(autouse=True)
def two_numbers(map_tab: Page, complaints: list[str]) -> None:
    map_tab.get_by_role("radio", name="Two numbers").check(force=True)


@pytest.fixture(scope="module")
def store() -> Store:
    return Store()


def test_the_point_begins_at_the_visitors_digit_and_stays_until_it_is_moved(
    fresh_page: Page, store: Store
) -> None:
    page = fresh_page
    page.get_by_role("tab", name="Map").click()
    expect(page.locator(".share-title strong")).to_have_count(2)
    eventually(page, lambda: abs(point(page, "vae-2")[0] - 0.5) > 0.02)
    draw(page, ONE)
    places = {}
    for model in PADS:
        code = page.evaluate(CODE, model)
        centre, half = square(page, model)
        places[model] = (torch.tensor(code) - torch.tensor(centre)) / half / 2 + 0.5
        eventually(
            page,
            lambda: all(
                abs(a - b) < 0.02
                for a, b in zip(point(page, model), places[model].tolist(), strict=True)  # noqa: B023
            ),
        )
    page.get_by_role("radio", name="Quantiles").check(force=True)
    page.get_by_role("radio", name="Even").check(force=True)
    eventually(page, lambda: "tab=map" in page.url and "ink=" in page.url)
    assert "z=" not in page.url  # which is one place, and the digit lies elsewhere on each map
    page.locator("#canvas [data-do=clear]").click()
    draw(page, ZERO)
    eventually(
        page,
        lambda: point(page, "vae-2")[0] != pytest.approx(places["vae-2"][0].item(), abs=0.005),
    )
    go(page, "vae-2", 0.1, 0.9)
    page.mouse.down()
    page.mouse.up()
    draw(page, ONE)
    page.wait_for_timeout(300)
    assert abs(point(page, "vae-2")[0] - 0.1) < 0.01
    eventually(page, lambda: "z=" in page.url)


# The code of the drawing, by a model of the page.
CODE = """async (model) => {
    const address = [...document.querySelectorAll("link[rel=modulepreload], script[src]")];
    const script = performance.getEntriesByType("resource").find(({ name }) => /state\\/latents\\.js/.test(name)).name;
    const inputs = performance.getEntriesByType("resource").find(({ name }) => /state\\/input\\.js/.test(name)).name;
    const { encode } = await import(script);
    const { digit } = await import(inputs);
    const [code] = await encode(model, [digit.value]);
    return [...code];
}"""


def test_the_title_and_the_shading_are_the_librarys(tab: Page, store: Store) -> None:
    for model in PADS:
        found = map_layers.digits(store, model)
        title = tab.locator(f"{pad(model)} .share-title")
        expect(title).to_have_text(f"{100 * found.share:.0f} % of the square draws a digit")
        cell = tab.locator(f"{pad(model)} [data-number=completeness]")
        expect(cell).to_have_text(f"{100 * found.random:.0f} %")
    before = fingerprint(tab, f"{pad('vae-2')} .pad-ground")
    layer(tab, "Is it a digit?")
    assert fingerprint(tab, f"{pad('vae-2')} .pad-ground") != before
    reds = tab.locator(f"{pad('vae-2')} .pad-ground").evaluate(
        """(canvas) => {
            const context = canvas.getContext("2d");
            const [left, side] = [30 * canvas.width / canvas.clientWidth, canvas.width - 30 * canvas.width / canvas.clientWidth];
            const { data } = context.getImageData(left, 0, side, side);
            let count = 0;
            for (let i = 0; i < data.length; i += 4) count += data[i] > 60 && data[i] > 2 * data[i + 1] && data[i] > 2 * data[i + 2];
            return 4 * count / data.length;
        }"""
    )
    layer(tab, "Is it a digit?")
    assert fingerprint(tab, f"{pad('vae-2')} .pad-ground") == before
    nonsense = 1 - map_layers.digits(store, "vae-2").share
    assert 0.5 * nonsense < reds < 1.5 * nonsense + 0.05  # dots of classes 2 and 6 are red too


def test_the_large_digit_travels_beside_the_point_and_stays_within_the_map(tab: Page) -> None:
    for u, v in ((0.02, 0.02), (0.98, 0.02), (0.5, 0.5), (0.02, 0.98), (0.98, 0.98)):
        go(tab, "vae-2", u, v)
        tab.mouse.down()
        tab.mouse.up()
        for model in PADS:
            map_box = tab.locator(f"{pad(model)} .pad-top").bounding_box()
            digit = tab.locator(f"{pad(model)} .follower")
            assert map_box is not None
            x, y = map_box["x"] + u * map_box["width"], map_box["y"] + (1 - v) * map_box["height"]

            def beside() -> bool:
                box = digit.bounding_box()  # noqa: B023
                assert box is not None and map_box is not None  # noqa: B023
                covers = box["x"] <= x <= box["x"] + box["width"] and (  # noqa: B023
                    box["y"] <= y <= box["y"] + box["height"]  # noqa: B023
                )
                inside = (
                    box["x"] >= map_box["x"] - 1  # noqa: B023
                    and box["y"] >= map_box["y"] - 1  # noqa: B023
                    and box["x"] + box["width"] <= map_box["x"] + map_box["width"] + 1  # noqa: B023
                    and box["y"] + box["height"] <= map_box["y"] + map_box["height"] + 1  # noqa: B023
                )
                return inside and not covers and box["width"] >= 120

            eventually(tab, beside)


def test_a_hundred_darts_by_keyboard_are_the_librarys(tab: Page, store: Store) -> None:
    button = tab.get_by_role("button", name="Throw 100 darts")
    button.focus()
    tab.keyboard.press("Enter")
    told = tab.locator(".dart-zone .told")
    expect(told).to_contain_text("Variational: ")
    bottom = "(boards) => Math.max(...boards.map((one) => one.getBoundingClientRect().bottom))"
    boards = tab.locator(".dartboard")
    eventually(tab, lambda: boards.evaluate_all(bottom) <= tab.evaluate("innerHeight"))
    classifier, seen = store.likeness()
    for name in (*PADS, "vae-20"):
        model = store.get(name).model
        gaussian = (
            sampling.standard_normal(model.latent_dim)
            if "vae" in name
            else sampling.fit_gaussian(torch.from_numpy(store.atlas(name).latents))
        )
        darts = sampling.sample_latents(gaussian, 100, seed=1)
        pictures = to_floats(inference.decode_to_bytes(model, darts))
        hits = int((likeness.distances(classifier, pictures, seen) <= seen.limit).sum())
        board = tab.locator(f"[data-darts='{name}']")
        text = board.locator(".share-large").inner_text()
        assert abs(int(text.split()[0]) - hits) <= 1, (name, text, hits)
        label = board.locator("canvas").get_attribute("aria-label") or ""
        assert text in label
    many = {name: int(tab.locator(f"[data-darts='{name}'] .share-large").inner_text().split()[0]) for name in ("vae-20", "vanilla-32")}  # fmt: skip
    assert many["vae-20"] > many["vanilla-32"] + 30
    before = told.inner_text()
    button.click()
    expect(told).not_to_have_text(before)
    marked = fingerprint(tab, f"{pad('vae-2')} .pad-top")
    follow(tab, "tab=map&part=two&darts=0")
    expect(tab.locator(".dart-zone .told")).to_have_count(0)
    eventually(tab, lambda: fingerprint(tab, f"{pad('vae-2')} .pad-top") != marked)


def test_darts_fly_at_longer_codes_as_well(tab: Page) -> None:
    tab.get_by_role("radio", name="Longer codes").check(force=True)
    tab.get_by_role("button", name="Throw 100 darts").click()
    expect(tab.locator(".longer .dartboard .share-large").first).to_have_text(
        re.compile(r"\d+ of 100 are digits")
    )
    expect(tab.locator(".longer .dartboard")).to_have_count(2)
