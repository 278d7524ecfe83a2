"""The Map tab: dragging without a server, layers, the visitor's digit, planes and sliders."""

import re

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect

from playground.components import assets
from playground.store.models import CHECKPOINTS, Store
from playground.wire.packing import unpack
from vae_core.latent import interpolation, planes
from vae_core.models import inference
from vae_core.training import checkpoints

from .hands import ONE, clean, draw, eventually, pixels, settle

PADS = ["plain-2", "vae-2"]


@pytest.fixture(scope="module")
def map_tab(tab: Page) -> Page:
    """The Map tab, which the tests here leave usable."""
    tab.get_by_role("tab", name="Map").click()
    rest(tab)
    here(tab, [*PADS, "vae-20"])
    expect(tab.locator(".panel[data-tiles='20']")).to_have_count(2)
    return tab


def here(page: Page, models: list[str]) -> None:
    """Waits until the weights of models are in the page."""
    assert page.evaluate(
        """async ([script, names]) => {
            const { coder } = await import(new URL(script, document.baseURI));
            return Promise.all(names.map((name) => coder(name).ready));
        }""",
        [assets.url("state/coders.js"), models],
    ) == [True] * len(models)


@pytest.fixture(autouse=True)
def two_numbers(map_tab: Page, complaints: list[str]) -> None:
    map_tab.get_by_role("radio", name="Two numbers").check(force=True)


def rest(page: Page, scope: str = "#map .panel") -> None:
    """Waits until what the decoder draws is exact."""
    page.wait_for_function(
        """(scope) => {
            const digits = [...document.querySelectorAll(`${scope} .pixels[data-exact]`)];
            return digits.length === document.querySelectorAll(`${scope} .decoded`).length
                && digits.length > 0 && digits.every((digit) => digit.dataset.exact === "true");
        }""",
        arg=scope,
    )


def last_codes(page: Page) -> dict[str, list[float]]:
    """The code that each model decoded last, of one at a time."""
    found = page.evaluate("window.decoded.filter(([, , count]) => count === 1)")
    return {url.split("/")[-1].split(".")[0]: code for url, code, _ in found}


def pad(model: str) -> str:
    return f".panel[data-model='{model}']"


def digit(page: Page, scope: str) -> list[int]:
    return pixels(page, f"{scope} .decoded .pixels")[::4]


def ground(page: Page, model: str = "vae-2") -> int:
    return fingerprint(page, f"{pad(model)} .pad-ground")


def fingerprint(page: Page, selector: str) -> int:
    """A number that is another when any pixel of a canvas is; large canvases travel slowly."""
    return page.locator(selector).first.evaluate(
        """(canvas) => new Uint32Array(canvas.getContext("2d")
            .getImageData(0, 0, canvas.width, canvas.height).data.buffer)
            .reduce((sum, pixel) => (Math.imul(sum, 31) + pixel) | 0, 7)"""
    )


def go(page: Page, model: str, u: float, v: float, steps: int = 1) -> None:
    """Moves the mouse to a place of a pad, in shares of its square from the lower left."""
    box = page.locator(f"{pad(model)} .pad-top").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + u * box["width"], box["y"] + (1 - v) * box["height"], steps=steps)


def square(page: Page, model: str) -> tuple[np.ndarray, float]:
    reply = page.request.get(f"{page.url.split('#')[0]}facts/now/map/{model}")
    about, _ = unpack(reply.body())
    return np.array(about["square"]["centre"]), about["square"]["half"]


def place(page: Page, model: str) -> np.ndarray:
    """The numbers of the code at the point, as the page rounds them."""
    text = page.locator(f"{pad(model)} [data-number=place]").inner_text().replace("−", "-")
    return np.array([float(number) for number in text.split(",")])


def point(page: Page, model: str) -> tuple[float, float]:
    """Where the ring is drawn, in shares: its middle is where the lines through it cross."""
    return tuple(
        page.locator(f"{pad(model)} .pad-top").evaluate(
            """(canvas) => {
                const { width, height } = canvas;
                const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
                const bright = (x, y) => data[4 * (y * width + x)];
                const best = (count, at) => [...Array(count).keys()]
                    .reduce((found, i) => (at(i) > at(found) ? i : found), 0);
                const column = best(width, (x) => bright(x, 2) + bright(x, height - 3));
                const row = best(height, (y) => bright(2, y) + bright(width - 3, y));
                return [column / width, 1 - row / height];
            }"""
        )
    )


def decoded(model: str, code: list[float]) -> np.ndarray:
    network = checkpoints.load_checkpoint(CHECKPOINTS / f"{model}.safetensors").model
    return inference.decode_to_bytes(network, torch.tensor([code]))[0, 0].flatten().numpy()


def layer(page: Page, name: str) -> None:
    page.get_by_role("group", name="Layers").get_by_label(name, exact=True).click(force=True)


# Notes what the page's workers decode.
WATCH = """() => {
    window.decoded = [];
    const real = (window.realPost ??= Worker.prototype.postMessage);
    Worker.prototype.postMessage = function (bundle, ...rest) {
        for (const { ask, name, values } of bundle) {
            if (ask === "decode") decoded.push([name, [...values[0]], values[1]]);
        }
        return real.call(this, bundle, ...rest);
    };
}"""


def test_a_drag_asks_nobody_and_draws_the_exact_picture(tab: Page) -> None:
    before = {model: digit(tab, pad(model)) for model in PADS}
    sent: list[str] = []
    tab.on("request", lambda request: sent.append(request.url))
    tab.evaluate(WATCH)
    go(tab, "vae-2", 0.3, 0.6)
    tab.mouse.down()
    go(tab, "vae-2", 0.75, 0.3, steps=30)
    for model in PADS:  # while the button is still down
        eventually(tab, lambda: digit(tab, pad(model)) != before[model])  # noqa: B023
    rest(tab)
    tab.mouse.up()
    rest(tab)
    codes = last_codes(tab)
    assert set(codes) == set(PADS)
    for model, code in codes.items():
        centre, half = square(tab, model)
        wanted = centre + np.array([0.5, -0.4]) * half
        assert np.abs(code - wanted).max() < 0.02 * half
        assert np.abs(place(tab, model) - wanted).max() < 0.03 * half
        shown = np.array(digit(tab, pad(model)), int)
        assert np.abs(shown - decoded(model, code)).max() <= 1
    assert [url for url in sent if "/live/" in url] == []


def test_the_tiles_are_the_librarys(tab: Page) -> None:
    across = planes.evenly_spaced(-3, 3, 4)
    wanted = planes.sheet(Store().get("vae-2").model, planes.whole(2), across, across[:3].flip(0))
    found = tab.evaluate(
        """async ([script, across, up]) => {
            const { drawSheet } = await import(new URL(script, document.baseURI));
            const plane = { origin: [0, 0], right: [1, 0], up: [0, 1] };
            let picture;
            await drawSheet("vae-2", plane, across, up, (canvas) => (picture = canvas));
            const { width, height } = picture;
            const { data } = picture.getContext("2d").getImageData(0, 0, width, height);
            return [width, [...data].filter((_, i) => i % 4 === 0)];
        }""",
        [
            assets.url("state/latents.js"),
            {"spacing": "even", "low": -3, "high": 3, "count": 4},
            {"spacing": "even", "low": -3, "high": 1, "count": 3},
        ],
    )
    width, greys = found
    whole = wanted[:, :, 0].numpy().swapaxes(1, 2).reshape(3 * 28, 4 * 28).astype(int)
    assert width == 4 * 28 and np.abs(np.array(greys).reshape(whole.shape) - whole).max() <= 1


def test_both_pads_show_the_same_place_of_their_squares(tab: Page) -> None:
    go(tab, "plain-2", 0.2, 0.7)
    tab.mouse.down()
    tab.mouse.up()
    for model in PADS:
        eventually(tab, lambda: np.abs(np.array(point(tab, model)) - (0.2, 0.7)).max() < 0.01)  # noqa: B023


def test_the_keyboard_moves_the_point(tab: Page) -> None:
    canvas = tab.locator(f"{pad('vae-2')} .pad-top")
    canvas.focus()
    tab.keyboard.press("Home")
    start = place(tab, "vae-2")
    _, half = square(tab, "vae-2")
    tab.keyboard.press("Shift+ArrowRight")
    far = place(tab, "vae-2")
    tab.keyboard.press("ArrowUp")
    near = place(tab, "vae-2")
    assert far[0] - start[0] == pytest.approx(0.2 * half, abs=0.011) and far[1] == start[1]
    assert near[1] - far[1] == pytest.approx(0.02 * half, abs=0.011) and near[0] == far[0]
    rest(tab)
    expect(canvas).to_have_attribute("aria-valuetext", re.compile("z1, z2 are .*nearest training"))
    expect(tab.locator(f"{pad('vae-2')} [data-number=prior]")).to_contain_text("/ unit²")
    expect(tab.locator(f"{pad('plain-2')} [data-number=prior]")).to_have_text("no prior")


def test_every_layer_can_be_switched(tab: Page) -> None:
    before = ground(tab)
    layer(tab, "Density")  # its picture comes when it is first wanted
    eventually(tab, lambda: ground(tab) != before)
    layer(tab, "Density")
    for name in ("Prior", "Density", "Tiles", "Test digits"):
        before = ground(tab)
        layer(tab, name)
        assert ground(tab) != before, name
        layer(tab, name)
        assert ground(tab) == before, name


def test_the_tiles_can_be_counted_and_spaced(tab: Page) -> None:
    before = first = ground(tab)
    for change in (
        lambda: tab.get_by_label("Tiles along a side").fill("10"),
        lambda: tab.get_by_label("Quantiles").check(force=True),
    ):
        change()
        eventually(tab, lambda: ground(tab) != before)  # noqa: B023
        before = ground(tab)
    expect(tab.locator(".count output")).to_have_text("10 × 10")
    tab.get_by_label("Even").check(force=True)
    tab.get_by_label("Tiles along a side").fill("20")
    eventually(tab, lambda: ground(tab) == first)


def orange(page: Page) -> int:
    """How many pixels of the map have the colour of class 1."""
    return page.locator(f"{pad('vae-2')} .pad-ground").evaluate(
        """(canvas) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let i = 0; i < data.length; i += 4) {
                const share = data[i + 1] / data[i];
                if (data[i] > 180 && share > 0.6 && share < 0.72 && data[i + 2] < 60) count++;
            }
            return count;
        }"""
    )


def test_the_legend_filters_classes(tab: Page) -> None:
    legend = tab.get_by_role("group", name="Classes that are shown")
    before, dots = ground(tab), orange(tab)
    legend.get_by_label("1", exact=True).click(force=True)
    assert dots > 100 and orange(tab) < dots / 5
    legend.get_by_label("1", exact=True).click(force=True)
    assert ground(tab) == before
    legend.get_by_role("button", name="All or none").click()
    none = ground(tab)
    layer(tab, "Test digits")
    layer(tab, "Test digits")
    assert ground(tab) == none != before
    legend.get_by_role("button", name="All or none").click()
    assert ground(tab) == before


@pytest.mark.parametrize("spacing", ["even", "quantiles"])
def test_both_maps_are_saved_as_the_library_draws_them(spacing: str, tab: Page) -> None:
    layer(tab, "Test digits")
    tab.get_by_role("radio", name=spacing.capitalize()).check(force=True)
    rest(tab)
    expect(tab.locator(".panel[data-tiles='20']")).to_have_count(2)
    with tab.expect_download() as started:
        tab.get_by_role("button", name="Save picture").click()
    assert started.value.suggested_filename == f"map-plain-2-and-vae-2-20x20-{spacing}.png"
    saved = np.asarray(Image.open(started.value.path()).convert("L")).astype(int)
    for at, model in enumerate(PADS):
        centre, half = square(tab, model)
        network = checkpoints.load_checkpoint(CHECKPOINTS / f"{model}.safetensors").model
        if spacing == "even":
            step = half / 20
            xs, ys = (planes.evenly_spaced(c - half + step, c + half - step, 20) for c in centre)
        elif model == "vae-2":
            xs = ys = planes.quantiles(20)
        else:
            continue  # the spread of its codes is that of the atlas
        wanted = planes.sheet(network, planes.whole(2), xs, ys.flip(0))[:, :, 0].numpy()
        side = 20 * 28
        left = 46 + at * (46 + side)
        found = saved[32 : 32 + side, left : left + side]
        assert np.abs(found - wanted.swapaxes(1, 2).reshape(side, side)).max() <= 2
    layer(tab, "Test digits")
    tab.get_by_role("radio", name="Even").check(force=True)
    expect(tab.locator(".panel[data-tiles='20']")).to_have_count(2)


def test_the_drawing_lands_where_its_code_is(tab: Page) -> None:
    tab.get_by_role("button", name="Clear").click()
    draw(tab, ONE)
    tab.get_by_role("tab", name="Reconstruct").click()
    eventually(tab, lambda: any(clean(tab)[::4]))
    settle(tab)
    grey = torch.tensor(clean(tab)[::4], dtype=torch.float).reshape(1, 1, 28, 28) / 255
    tab.get_by_role("tab", name="Map").click()
    go(tab, "vae-2", 0.95, 0.95)  # out of the way
    tab.mouse.down()
    tab.mouse.up()
    for model in PADS:
        network = checkpoints.load_checkpoint(CHECKPOINTS / f"{model}.safetensors").model
        code = network.encode(grey)[0].detach().numpy()
        centre, half = square(tab, model)
        u, v = ((code - centre) / half + 1) / 2
        eventually(tab, lambda: yellow(tab, model, u, v))  # noqa: B023
        assert not yellow(tab, model, u, v + 0.1)


def yellow(page: Page, model: str, u: float, v: float) -> bool:
    red, green, blue, alpha = page.locator(f"{pad(model)} .pad-top").evaluate(
        """(canvas, [u, v]) => [...canvas.getContext("2d").getImageData(
            Math.round(u * canvas.width) + 2, Math.round((1 - v) * canvas.height), 1, 1).data]""",
        [float(u), float(v)],
    )
    return bool(alpha > 200 and red > 200 and green > 180 and blue < 120)


def test_the_cloud_of_the_drawing_can_be_sampled(tab: Page) -> None:
    variational = tab.locator(pad("vae-2"))
    before = fingerprint(tab, f"{pad('vae-2')} .loupe")
    variational.get_by_role("button", name="Sample my digit's cloud").click()
    expect(variational.locator(".samples canvas")).to_have_count(8)
    assert any(pixels(tab, f"{pad('vae-2')} .samples canvas"))
    assert fingerprint(tab, f"{pad('vae-2')} .loupe") != before
    expect(tab.locator(pad("plain-2"))).to_contain_text("A plain code is a point")
    draw(tab, [(0.3, 0.5), (0.7, 0.5)])
    expect(variational.locator(".samples canvas")).to_have_count(0)  # they were of another digit


def test_the_numbers_say_which_model_wins(tab: Page) -> None:
    judged = tab.locator(".verdict")
    for _ in range(2):
        values = {
            (model, number): tab.locator(f"{pad(model)} [data-number={number}]").inner_text()
            for model in PADS
            for number in ("continuity", "completeness")
        }
        text = judged.inner_text()
        assert all(value in text for value in values.values())
        expect(judged).to_contain_text("Continuity")
        expect(judged).to_contain_text("Completeness")
        tab.get_by_role("button", name="Dark theme").click()
    smooth = [float(values[model, "continuity"]) for model in PADS]
    winner = ("Plain 2-D", "Variational 2-D")[smooth[1] < smooth[0]]
    expect(judged).to_contain_text(f"Continuity: {winner} wins")
    tab.locator(f"{pad('vae-2')} select").select_option("conv-vae-2")
    expect(judged).to_contain_text("Conv VAE 2-D")
    expect(tab.locator(pad("conv-vae-2"))).to_be_visible()
    rest(tab)
    tab.locator(f"{pad('conv-vae-2')} select").select_option("vae-2")
    expect(judged).not_to_contain_text("Conv VAE 2-D")
    rest(tab)


def longer(page: Page, plane: str) -> None:
    page.get_by_label("Longer codes").check(force=True)
    page.get_by_label(plane).check(force=True)
    page.wait_for_selector(".longer[data-sheet]")
    rest(page, ".plane")


def test_the_numbers_of_a_code_stand_beside_its_plane(tab: Page) -> None:
    longer(tab, "Two axes")
    plane, numbers = (
        tab.locator(f".longer > {part}").bounding_box() for part in (".plane", ".code-side")
    )
    assert plane is not None and numbers is not None
    assert plane["y"] == numbers["y"] and plane["x"] + plane["width"] < numbers["x"]


def test_sliders_move_the_digit(tab: Page) -> None:
    longer(tab, "Two axes")
    rows = tab.locator(".sliders li")
    expect(rows).to_have_count(20)
    expect(rows.first.locator(".latent-name")).to_contain_text("nats")
    expect(tab.locator(".sliders .dead").last).to_contain_text("dead")
    tab.wait_for_function("document.querySelector('.strip-frames').width === 252")
    before, strip = digit(tab, ".plane"), fingerprint(tab, ".sliders li:nth-child(3) canvas")
    # The next number in order is none of the plane's two.
    tab.locator(".sliders li:nth-child(3) input").fill("2.7")
    eventually(tab, lambda: digit(tab, ".plane") != before)
    rest(tab, ".plane")
    after = digit(tab, ".plane")
    rows.first.locator("input").fill("-2.4")
    expect(rows.first.locator("output")).to_have_text("−2.40")
    expect(tab.locator(".latent-facts dd").first).to_have_text("−2.40")  # the point follows
    eventually(tab, lambda: digit(tab, ".plane") != after)
    eventually(tab, lambda: fingerprint(tab, ".sliders li:nth-child(3) canvas") != strip)


def test_a_strip_shows_what_its_number_does(tab: Page) -> None:
    longer(tab, "Two axes")
    row = tab.locator(".sliders li:nth-child(3)")
    latent = int(row.get_attribute("data-latent") or "")
    tab.evaluate(WATCH)
    row.locator("input").fill("0.6")
    rest(tab, ".plane")
    code = torch.tensor(last_codes(tab)["vae-20"])
    frames = interpolation.traverse(code, latent, planes.evenly_spaced(-3, 3, 9))
    network = Store().get("vae-20").model
    wanted = inference.decode_to_bytes(network, frames)[:, 0].numpy().astype(int)

    def exact() -> bool:
        shown = pixels(tab, ".sliders li:nth-child(3) canvas")[::4]
        seen = np.array(shown).reshape(28, 9, 28).swapaxes(0, 1)
        return np.abs(seen - wanted).max() <= 1

    eventually(tab, exact)


def test_a_plane_of_two_axes_can_be_dragged_and_chosen(tab: Page) -> None:
    longer(tab, "Two axes")
    before = digit(tab, ".plane")
    box = tab.locator(".plane .pad-top").bounding_box()
    assert box is not None
    tab.evaluate(WATCH)
    tab.mouse.move(box["x"] + 60, box["y"] + 60)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.8, steps=10)
    tab.mouse.up()
    rest(tab, ".plane")
    shown = np.array(digit(tab, ".plane"), int)
    assert shown.tolist() != before
    assert np.abs(shown - decoded("vae-20", last_codes(tab)["vae-20"])).max() <= 1
    assert tab.locator(".sliders output").first.inner_text() == (
        tab.locator(".latent-facts dd").first.inner_text()
    )
    ground_before = fingerprint(tab, ".plane .pad-ground")
    tab.get_by_label("Number up the pad").select_option(index=4)
    eventually(tab, lambda: fingerprint(tab, ".plane .pad-ground") != ground_before)


def test_a_plane_goes_through_three_digits(tab: Page) -> None:
    longer(tab, "Three digits")
    weights = tab.locator(".latent-facts dd")
    expect(weights).to_have_text(["0.33"] * 3)
    tab.locator(".plane .pad-top").focus()
    tab.keyboard.press("Shift+ArrowUp")
    values = [float(text.replace("−", "-")) for text in weights.all_inner_texts()]
    assert sum(values) == pytest.approx(1, abs=0.011) and values[2] > 0.5
    rest(tab, ".plane")
    before = digit(tab, ".plane")
    tab.locator(".sources .slot-face").nth(2).click()
    tab.get_by_role("button", name=re.compile("Example digit 7")).last.click()
    eventually(tab, lambda: digit(tab, ".plane") != before)


def test_a_very_long_code_stays_usable(tab: Page) -> None:
    longer(tab, "Two axes")
    tab.get_by_label("Model", exact=True).select_option("sparse-256")
    rows = tab.locator(".sliders li")
    tab.get_by_role("button", name="Show all 256").click()
    expect(rows).to_have_count(256)
    tab.get_by_role("button", name="Show the 20 most important").click()
    expect(rows).to_have_count(20)
    expect(tab.locator(".slider-order")).to_contain_text("effect")
    tab.get_by_label("Model", exact=True).select_option("vae-20")
    expect(tab.locator(".slider-order")).to_contain_text("KL")


def test_nothing_of_the_model_before_is_asked_of_the_next_one(tab: Page) -> None:
    longer(tab, "Two axes")
    tab.get_by_label("Model", exact=True).select_option("sparse-256")
    expect(tab.locator(".slider-order")).to_contain_text("effect")
    rest(tab, ".plane")  # its axes and rows are numbers that the next model does not have
    held: list[Route] = []
    asked: list[Request] = []
    tab.route("**/facts/*/latents/*", lambda route: held.append(route))
    tab.on("request", lambda request: asked.append(request))
    tab.get_by_label("Model", exact=True).select_option("vae-20")
    eventually(tab, lambda: held)
    tab.locator(".sources .slot-face").first.click()
    tab.get_by_role("button", name=re.compile("Example digit 7")).first.click()
    tab.wait_for_timeout(500)
    # Of its latents alone, before these are known.
    assert not [one.url for one in asked if b"vae-20" in (one.post_data_buffer or b"")]
    held[0].continue_()
    tab.unroute("**/facts/*/latents/*")
    expect(tab.locator(".slider-order")).to_contain_text("KL")
    rest(tab, ".plane")
    expect(tab.locator(".longer .notice")).to_be_empty()


def test_both_maps_with_their_digits_fit_a_projector(tab: Page) -> None:
    tab.set_viewport_size({"width": 1280, "height": 720})
    tab.get_by_role("radio", name="Two numbers").check(force=True)
    for part in (".pad-top", ".follower"):
        for shown in tab.locator(f".panel {part}").all():
            box = shown.bounding_box()
            assert box is not None and box["y"] + box["height"] <= 720, part
    tab.set_viewport_size({"width": 1280, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_numbers_stay_within_their_panels(tab: Page) -> None:
    within = "(lists) => lists.every((list) => list.scrollWidth <= list.clientWidth)"
    for width, height in [(1280, 720), (1280, 800), (360, 740)]:
        tab.set_viewport_size({"width": width, "height": height})
        eventually(tab, lambda: tab.locator(".panel .decoded dl").evaluate_all(within))
    longer(tab, "Two axes")
    inside = "(outputs) => outputs.every((one) => one.getBoundingClientRect().right <= innerWidth)"
    assert tab.locator(".sliders output").evaluate_all(inside)
    tab.set_viewport_size({"width": 1280, "height": 800})


def test_a_phone_has_both_maps_beside_each_other_and_never_scrolls_sideways(tab: Page) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})

    def beside() -> bool:
        left, right = (tab.locator(f"{pad(model)} .pad-top").bounding_box() for model in PADS)
        assert left is not None and right is not None
        return left["y"] == right["y"] and left["x"] + left["width"] <= right["x"]

    eventually(tab, beside)
    for part in ("Longer codes", "Two numbers"):
        tab.get_by_role("radio", name=part).check(force=True)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), part
    assert (
        tab.locator(".pad-top").first.evaluate("(c) => getComputedStyle(c).touchAction") == "none"
    )
    tab.set_viewport_size({"width": 1280, "height": 800})
