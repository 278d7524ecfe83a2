"""The Walk tab: films, samples and sums as a visitor makes them, against the library's own."""

import io
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect

from playground.store.models import PIXELS, Store
from vae_core.latent import interpolation, sampling
from vae_core.models import inference

from .hands import ONE, draw, eventually, ink, pixels, put_back, says

ROWS = [PIXELS, "vanilla-32", "conv-32", "vae-20"]


@pytest.fixture
def walk(page: Page) -> Page:
    """The Walk tab as it opens, paused, when its first films are there and judged."""
    open_walk(page)
    begin_walk_anew(page)
    return page


def open_walk(page: Page) -> None:
    page.get_by_role("tab", name="Walk").click()
    expect(page.locator(".strip-row .share").last).to_contain_text("are digits")


def begin_walk_anew(page: Page) -> None:
    """Puts the first part's controls back to where they stand when the tab is first opened."""
    part(page, "Walk")
    choose(page, "Vanilla", "Convolutional", "Variational")
    put_back(
        page,
        {
            "[name=walk-tour][value='']": True,
            "[name=walk-path][value=straight]": True,
            "[name=frames]": "24",
            "[name=rate]": "12",
        },
    )
    for name, choice, caption in (
        ("A", "Follow my drawing", "A: your drawing"),
        ("B", "Example digit 8", "B: example 8"),
    ):
        slot = page.locator(".ends .slot-caption", has_text=f"{name}: ")
        if slot.inner_text() != caption:
            pick(page, name, choice)
            expect(slot).to_have_text(caption)
    pause(page)
    settle(page)
    expect(page.locator(".strip-row .share").last).to_contain_text("of 24")


def pause(page: Page) -> None:
    button = page.locator("[data-do=play]")
    if button.get_attribute("aria-label") == "Pause":
        button.click()
    expect(button).to_have_attribute("aria-label", "Play")


def part(page: Page, name: str) -> None:
    page.get_by_role("radiogroup", name="What to do").get_by_label(name).check(force=True)


def settle(page: Page, name: str = "films") -> None:
    """Waits until a part has caught up with everything that was done before."""
    page.wait_for_function(
        """(part) => document.querySelector(part).ariaBusy === "false"
            && !document.querySelector(`${part} [aria-busy=true]`)""",
        arg=f"[data-part={name}]",
    )


def grey(page: Page, selector: str, side: int = 28) -> np.ndarray:
    """A canvas as its grey levels, [h, w]."""
    flat = np.array(pixels(page, selector)).reshape(-1, 4)[:, 0]
    return flat.reshape(-1, side)


def frame(page: Page, row: str) -> np.ndarray:
    return grey(page, f"[data-screen='{row}'] .pixels")


def side_of_frame(page: Page) -> int:
    """How large the frame on show is, in pixels of the page."""
    return page.locator(f"[data-screen={ROWS[1]}] canvas").evaluate("(one) => one.clientWidth")


def seek(page: Page, at: int) -> None:
    page.get_by_label("Frame", exact=True).fill(str(at))


def slots(page: Page, where: str = ".ends") -> np.ndarray:
    """The digits in the slots, as a model takes them, [n, 1, 28, 28]."""
    count = page.locator(f"{where} .slot").count()
    found = [grey(page, f"{where} .slot >> nth={i} >> .slot-face canvas") for i in range(count)]
    return np.stack(found)[:, None]


def codes(store: Store, name: str, digits: np.ndarray) -> torch.Tensor:
    return store.get(name).model.encode(torch.from_numpy(digits).float() / 255)


def expected(store: Store, name: str, wanted: torch.Tensor) -> np.ndarray:
    return inference.decode_to_bytes(store.get(name).model, wanted)[:, 0].numpy().astype(int)


def pick(page: Page, slot: str, choice: str) -> None:
    page.locator(f".slot-face:has-text('{slot}')").first.click()
    page.get_by_role("group", name=f"Digits for {slot}").get_by_role("button", name=choice).click()


def choose(page: Page, *labels: str) -> None:
    """Leaves exactly these models chosen."""
    page.get_by_role("group", name="Models to draw with").evaluate(
        """(group, labels) => {
            for (const wanted of [true, false]) { // there is always one of them
                for (const box of group.querySelectorAll("input:enabled")) {
                    const on = labels.includes(box.parentElement.querySelector("b").textContent);
                    if (on === wanted && box.checked !== wanted) box.click();
                }
            }
        }""",
        list(labels),
    )


# --- films ---


def test_a_part_that_is_pressed_before_the_tab_is_ready_is_shown(fresh_page: Page) -> None:
    held: list[Route] = []
    fresh_page.route("**/walk/walk.js", lambda route: held.append(route))
    fresh_page.get_by_role("tab", name="Walk").click()
    eventually(fresh_page, lambda: held)
    fresh_page.locator("#walk label:has([value=samples])").click()
    for script in held:
        script.continue_()
    expect(fresh_page.locator("#walk [data-part=samples]")).to_be_visible()
    expect(fresh_page.locator("#walk [data-samples]").first).to_be_visible()
    expect(fresh_page.locator("#walk [name][value=samples]")).to_be_checked()


def test_the_films_are_the_librarys_walk_between_the_drawing_and_an_8(
    walk: Page, store: Store
) -> None:
    assert walk.locator("[data-screen]").count() == len(ROWS)
    digits = slots(walk)
    drawn = grey(walk, "[data-picture=clean]")
    assert np.array_equal(digits[0, 0], drawn)
    assert side_of_frame(walk) == 112
    for at in (0, 11, 23):
        seek(walk, at)
        for name in ROWS[1:]:
            path = interpolation.interpolate(*codes(store, name, digits), 24)
            wanted = expected(store, name, path[at : at + 1])[0]
            assert np.abs(frame(walk, name) - wanted).max() <= 1, (name, at)
        share = at / 23
        fade = (1 - share) * digits[0, 0] + share * digits[1, 0]
        assert np.abs(frame(walk, PIXELS) - fade).max() <= 1


def test_the_walk_follows_the_drawing_and_keeps_it_when_told_to(walk: Page) -> None:
    seek(walk, 0)
    before = frame(walk, "vae-20")
    draw(walk, ONE)
    expect(walk.locator("[data-screen=vae-20] figcaption")).to_contain_text("1")
    settle(walk)
    after = frame(walk, "vae-20")
    assert not np.array_equal(before, after)
    pick(walk, "A", "Keep my drawing as it is")
    settle(walk)
    walk.get_by_role("button", name="Example digit 6").first.click()
    settle(walk)
    assert np.array_equal(frame(walk, "vae-20"), after)
    expect(walk.locator(".slot-caption").first).to_have_text("A: drawn")
    pick(walk, "A", "Follow my drawing")
    settle(walk)
    assert not np.array_equal(frame(walk, "vae-20"), after)


def test_while_the_pen_moves_the_server_is_asked_nothing(walk: Page) -> None:
    asked: list[str] = []

    def hear(request: Request) -> None:
        asked.append(request.url)

    before = frame(walk, "conv-32")
    walk.on("request", hear)
    draw(walk, ONE, lift=False)
    eventually(walk, lambda: not np.array_equal(frame(walk, "conv-32"), before))
    walk.mouse.up()
    settle(walk)
    walk.get_by_label("Spherical").check(force=True)
    settle(walk)
    walk.remove_listener("request", hear)
    asked = [url for url in asked if not url.endswith("/terms")]  # for the hint under the mouse
    assert [url for url in asked if "/live/" in url or "/facts/" in url] == []


def test_ends_are_picked_swapped_and_sampled(walk: Page) -> None:
    pick(walk, "B", "Example digit 4")
    expect(walk.locator(".slot-caption").nth(1)).to_have_text("B: example 4")
    settle(walk)
    a, b = slots(walk)
    walk.get_by_role("button", name="Swap A and B").click()
    settle(walk)
    swapped = slots(walk)
    assert np.array_equal(swapped[0], b) and np.array_equal(swapped[1], a)
    expect(walk.locator(".slot-caption").nth(1)).to_have_text("B: your drawing")
    pick(walk, "A", "Sample a new digit")
    expect(walk.locator(".slot-caption").first).to_have_text("A: sample")
    settle(walk)
    assert not np.array_equal(slots(walk)[0], b)
    seek(walk, 0)
    assert np.array_equal(frame(walk, PIXELS), slots(walk)[0, 0])


def test_an_empty_canvas_is_explained_and_comes_back(walk: Page) -> None:
    walk.get_by_role("button", name="Clear").click()
    expect(walk.locator(".walk-zone .notice")).to_contain_text("Draw a digit")
    expect(walk.locator("[data-do=play]")).to_be_disabled()
    draw(walk, ONE)
    expect(walk.locator(".strip-row .share").last).to_contain_text("are digits")
    expect(walk.locator("[data-do=play]")).to_be_enabled()


def test_the_path_and_the_number_of_frames_change_the_film(walk: Page, store: Store) -> None:
    seek(walk, 12)
    straight = frame(walk, "vae-20")
    walk.get_by_label("Spherical").check(force=True)
    settle(walk)
    assert not np.array_equal(frame(walk, "vae-20"), straight)
    path = interpolation.interpolate(*codes(store, "vae-20", slots(walk)), 24, "spherical")
    wanted = expected(store, "vae-20", path[12:13])[0]
    assert np.abs(frame(walk, "vae-20") - wanted).max() <= 1
    walk.get_by_label("Number of frames").fill("64")
    settle(walk)
    expect(walk.locator(".player output")).to_contain_text("/ 64")
    expect(walk.locator(".strip-row .share").last).to_contain_text("of 64")


def test_play_moves_there_and_back_and_stops(walk: Page) -> None:
    walk.get_by_label("Number of frames").fill("8")
    walk.get_by_label("Frames per second").fill("30")
    settle(walk)
    walk.evaluate(
        """() => {
            const scrubber = document.querySelector("[name=frame]");
            window.path = [];
            const look = () => {
                if (window.path.at(-1) !== scrubber.valueAsNumber) window.path.push(scrubber.valueAsNumber);
                if (window.path.length < 100) requestAnimationFrame(look);
            };
            look();
        }"""
    )
    walk.get_by_role("button", name="Play").click()
    walk.wait_for_function("window.path.length > 24")
    pause(walk)
    path = walk.evaluate("window.path")
    assert set(path) == set(range(8))
    assert all(abs(a - b) == 1 for a, b in pairwise(path))  # it never jumps
    held = frame(walk, "vae-20")
    walk.wait_for_timeout(150)
    assert np.array_equal(frame(walk, "vae-20"), held)


def test_the_scrubber_works_by_keyboard_and_on_the_strip(walk: Page) -> None:
    scrubber = walk.get_by_label("Frame", exact=True)
    seek(walk, 3)
    scrubber.focus()
    walk.keyboard.press("ArrowRight")
    expect(scrubber).to_have_attribute("aria-valuetext", re.compile("frame 5 of 24;"))
    walk.keyboard.press("Home")
    expect(scrubber).to_have_attribute("aria-valuetext", re.compile("frame 1 of 24;"))
    first = frame(walk, "conv-32")
    walk.keyboard.press("End")
    assert not np.array_equal(frame(walk, "conv-32"), first)
    walk.locator("[data-film=vae-20] canvas").click(position={"x": 7.5 * 28, "y": 10})
    expect(scrubber).to_have_attribute("aria-valuetext", re.compile("frame 8 of 24;"))


def test_the_tour_goes_through_all_ten_digits_and_is_closed(walk: Page, store: Store) -> None:
    walk.get_by_label("Tour of ten").check(force=True)
    expect(walk.locator(".strip-row .share").last).to_contain_text("of 120")
    digits = slots(walk)
    assert len(digits) == 10 and len(np.unique(digits, axis=0)) == 10
    route = interpolation.tour(codes(store, "vae-20", digits), 12)
    for at in (0, 12, 113, 119):
        seek(walk, at)
        wanted = expected(store, "vae-20", route[at : at + 1])[0]
        assert np.abs(frame(walk, "vae-20") - wanted).max() <= 1
    first, last = expected(store, "vae-20", route[[0, -1]])
    step = expected(store, "vae-20", route[[0, 1]])
    assert np.abs(first - last).mean() < 3 * np.abs(step[0] - step[1]).mean() + 2
    expect(walk.get_by_label("There and back")).to_be_hidden()
    walk.get_by_label("Two digits").check(force=True)
    expect(walk.locator(".strip-row .share").last).to_contain_text("of 24")


def test_each_frame_says_whether_it_is_a_digit_and_which(walk: Page) -> None:
    seek(walk, 0)
    expect(walk.locator("[data-screen=conv-32] figcaption")).to_contain_text("a digit: 4")
    seek(walk, 23)
    expect(walk.locator("[data-screen=conv-32] figcaption")).to_contain_text("a digit: 8")
    walk.locator("[data-screen=conv-32] figcaption").focus()
    expect(walk.get_by_role("tooltip")).to_contain_text("held-out digits")


# --- files ---


def saved(page: Page, button: str, tmp_path: Path) -> Image.Image:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return Image.open(io.BytesIO(path.read_bytes()))


def test_a_film_is_saved_in_three_formats(walk: Page, tmp_path: Path) -> None:
    walk.get_by_label("Number of frames").fill("9")
    settle(walk)
    for kind in ("GIF", "WebP", "PNG strip"):
        walk.get_by_role("button", name="Save…").click()
        walk.get_by_role("group", name="Save the film").get_by_label("Vanilla").uncheck()
        image = saved(walk, kind, tmp_path)
        assert image.format == kind.split()[0].upper()
        if kind == "PNG strip":
            assert image.size == ((34 + 28 * 9 + 4) * 4, (32 * 3 + 4) * 4)
        else:
            assert image.n_frames == 16 and image.info["loop"] == 0  # there and back
            assert image.size == ((32 * 3 + 4) * 4, 44 * 4)
        expect(walk.locator(".walk-zone .notice")).to_have_text("The file is written.")


# --- samples ---


def grid(page: Page, name: str) -> np.ndarray:
    """The samples of a model, [n, 28, 28]."""
    sheet = grey(page, f"[data-samples='{name}'] .pixels", 140)
    return sheet.reshape(5, 28, 5, 28).swapaxes(1, 2).reshape(25, 28, 28)


@pytest.fixture
def samples(walk: Page) -> Page:
    choose(walk, "Variational")
    part(walk, "Sample")
    put_back(
        walk,
        {
            "[name=temperature]": "1",
            ".walk-zone [name=seed]": "1",
            "[name=walk-count][value='25']": True,
        },
    )
    expect(walk.locator("[data-samples=vae-20] .share")).to_contain_text("of these 25 are digits")
    settle(walk, "samples")
    return walk


def test_samples_are_the_librarys_and_follow_seed_and_temperature(
    samples: Page, store: Store
) -> None:
    first = grid(samples, "vae-20")
    wanted = expected(
        store, "vae-20", sampling.sample_latents(sampling.standard_normal(20), 25, 1.0, 1)
    )
    assert np.abs(first - wanted).max() <= 1
    expect(samples.locator("[data-samples=vae-20] .source")).to_contain_text("its prior")
    samples.get_by_role("button", name="New seed").click()
    settle(samples, "samples")
    assert not np.array_equal(grid(samples, "vae-20"), first)
    samples.get_by_label("Seed").fill("1")
    settle(samples, "samples")
    assert np.array_equal(grid(samples, "vae-20"), first)
    samples.get_by_label("Temperature").fill("0")
    settle(samples, "samples")
    cold = grid(samples, "vae-20")
    assert (cold == cold[0]).all()
    samples.get_by_label("100 small").check(force=True)
    expect(samples.locator("[data-samples=vae-20] .share")).to_contain_text("of these 100")


def test_other_models_sample_the_gaussian_of_their_codes(samples: Page, store: Store) -> None:
    choose(samples, "Vanilla")
    samples.get_by_label("Temperature").fill("0.8")
    settle(samples, "samples")
    fitted = sampling.fit_gaussian(torch.from_numpy(store.atlas("vanilla-32").latents))
    wanted = expected(store, "vanilla-32", sampling.sample_latents(fitted, 25, 0.8, 1))
    assert np.abs(grid(samples, "vanilla-32") - wanted).max() <= 1
    source = samples.locator("[data-samples=vanilla-32] .source")
    expect(source).to_contain_text("a Gaussian fitted to its codes")


def test_a_model_whose_codes_are_unknown_says_so_beside_the_others(
    samples: Page, complaints: list[str]
) -> None:
    refusal = {"status": 400, "json": {"error": "The codes of this model are not known here."}}
    samples.route("**/gaussian/conv-32", lambda route: route.fulfill(**refusal))
    choose(samples, "Variational", "Convolutional")
    told = samples.locator("[data-samples=conv-32] .share")
    expect(told).to_have_text("The codes of this model are not known here.")
    settle(samples, "samples")
    complaints.clear()  # the browser's, of the refusal
    assert grid(samples, "vae-20").any()
    samples.unroute("**/gaussian/conv-32")
    samples.get_by_label("Temperature").fill("0.9")  # it is asked for again
    expect(told).to_contain_text("of these 25 are digits")


def test_a_sample_goes_to_the_canvas_and_into_a_walk(samples: Page) -> None:
    settle(samples, "samples")
    before = ink(samples)
    samples.get_by_role("button", name="Sample 8, ").click()
    says(samples, "Sample 8 of Variational")
    wanted = grid(samples, "vae-20")[7]
    assert ink(samples) not in (0, before)
    samples.get_by_role("button", name="Walk to it").click()
    expect(samples.locator(".slot-caption").nth(1)).to_have_text("B: sample of Variational")
    settle(samples)
    seek(samples, 23)
    eventually(samples, lambda: np.array_equal(frame(samples, PIXELS), wanted))


def test_samples_are_reached_by_keyboard_and_saved(samples: Page, tmp_path: Path) -> None:
    samples.get_by_role("button", name="Sample 1, ").focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        samples.keyboard.press(key)
    says(samples, "Sample 7 of Variational")
    image = saved(samples, "Save PNG", tmp_path)
    assert image.size == ((34 + 28 * 5 + 4) * 4, (28 * 5 + 8) * 4)
    block = np.array(image.convert("L"))[4 * 4 : -4 * 4, 34 * 4 : -4 * 4]
    tiles = block[2::4, 2::4].reshape(5, 28, 5, 28).swapaxes(1, 2).reshape(25, 28, 28)
    assert np.array_equal(tiles, grid(samples, "vae-20"))


# --- arithmetic ---


def test_the_sum_is_the_librarys_and_goes_to_the_canvas(walk: Page, store: Store) -> None:
    part(walk, "Arithmetic")
    pick(walk, "c", "Example digit 5")
    expect(walk.locator(".terms .slot-caption").last).to_have_text("c: example 5")
    settle(walk, "sums")
    digits = slots(walk, ".terms")
    for name in ROWS[1:]:
        a, b, c = codes(store, name, digits)
        wanted = expected(store, name, torch.stack([a, b, c, interpolation.arithmetic(a, b, c)]))
        for i, picture in enumerate(wanted):
            shown = grey(walk, f"[data-sum='{name}'] .sum-terms canvas >> nth={i}")
            assert np.abs(shown - picture).max() <= 1, (name, i)
    a, b, c = digits.astype(int)[:, 0]
    shown = grey(walk, f"[data-sum='{PIXELS}'] .result canvas")
    assert np.array_equal(shown, np.clip(a - b + c, 0, 255))
    expect(walk.locator("[data-sum=vae-20] .share")).to_contain_text("digit")
    walk.locator("[data-sum=vae-20] .result").click()
    says(walk, "The result of Variational")


# --- the page ---


def test_it_fits_a_phone_and_stands_still_for_those_who_asked_for_that(fresh_page: Page) -> None:
    page = fresh_page
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    open_walk(page)
    expect(page.locator("[data-do=play]")).to_have_attribute("aria-label", "Play")

    def fits() -> bool:
        return page.evaluate("document.documentElement.scrollWidth") <= 390

    for name, busy in (("Walk", "films"), ("Sample", "samples"), ("Arithmetic", "sums")):
        part(page, name)
        settle(page, busy)
        eventually(page, fits)
        if name == "Walk":
            assert side_of_frame(page) == 56
    part(page, "Walk")
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Tour of ten").check(force=True)
    expect(page.locator(".strip-row .share").last).to_contain_text("of 120")
    assert fits()
