"""The Atlas tab with real pointers: what is under the dots, who lies among whom, and t-SNE."""

import re
from typing import NamedTuple

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, Page, Request, Route, expect
from sklearn.neighbors import NearestNeighbors

from playground.store.models import Store
from vae_core.data.palette import CLASS_COLOURS
from vae_core.latent.embedding import class_outliers, nearest
from vae_core.models.inference import decode_to_bytes

from .conftest import open_page
from .hands import ONE, choose, draw, eventually, ink, pixels, put_back, says

MODEL = "vae-20"
MARGIN = 24  # px around a map that fits
MAIN, BESIDE = "[data-panel=codes]", "[data-panel=pixels]"


class Chart(NamedTuple):
    """A map as it should lie on the screen, worked out from the atlas alone."""

    labels: NDArray[np.uint8]
    points: NDArray[np.float32]
    places: NDArray[np.float32]  # px of the window


@pytest.fixture(scope="module")
def first_sight(tab: Page) -> list[int]:
    """What both maps look like when the tab is first opened."""
    open_atlas(tab)
    return looks(tab)


def take(page: Page, model: str) -> None:
    """Chooses the model whose codes are shown."""
    box = page.locator(f".atlas-zone .models-list input[value={model}]")
    if not box.is_checked():
        choose(page, ".atlas-zone", **{model: True})


@pytest.fixture
def atlas(page: Page, first_sight: list[int]) -> Page:
    """The Atlas tab as it looks when it is first opened."""
    page.keyboard.press("Escape")
    take(page, "vae-20")
    page.get_by_role("radiogroup", name="Kind of map").get_by_label("t-SNE", exact=True).check(
        force=True
    )
    put_back(page, {".search [name=own]": "4", ".search [name=theirs]": "9"})
    page.evaluate(
        """() => {
            const zone = document.querySelector(".atlas-zone");
            const press = (selector) => zone.querySelectorAll(selector)
                .forEach((button) => button.disabled || button.click());
            press("[data-do=close]");
            press("[data-do=clear], .keys .all, [data-do=fit], [data-tool=move]");
        }"""
    )
    eventually(page, lambda: looks(page) == first_sight)
    return page


def open_atlas(page: Page) -> None:
    page.get_by_role("tab", name="Atlas").click()
    for panel in (MAIN, BESIDE):
        expect(page.locator(f"{panel} [data-number=map_accuracy]")).to_contain_text("%")
    expect(page.locator(".atlas-zone .near .thumb")).to_have_count(5)


def chart(page: Page, store: Store, name: str = MODEL, panel: str = MAIN) -> Chart:
    known = store.atlas(name)
    points = known.maps["tsne"]
    box = page.locator(f"{panel} .marks").bounding_box()
    assert box is not None
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    unit = (min(box["width"], box["height"]) / 2 - MARGIN) / np.abs(points - middle).max()
    centre = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    return Chart(known.labels, points, (points - middle) * unit * (1, -1) + centre)


def loner(places: NDArray[np.float32]) -> int:
    """The dot that is farthest from all others, so that a pointer can only mean that one."""
    far, _ = NearestNeighbors(n_neighbors=1).fit(places).kneighbors()
    return int(far[:, 0].argmax())


def point_at(page: Page, place: NDArray[np.float32]) -> None:
    page.mouse.move(place[0] + 2, place[1])
    page.mouse.move(place[0], place[1])


def bubble(page: Page, panel: str = MAIN) -> list[int]:
    """The grey levels of the digit that is shown under the pointer."""
    expect(page.locator(f"{panel} .bubble:not(.waiting)")).to_be_visible()
    return pixels(page, f"{panel} .bubble canvas")[::4]


def look(page: Page, selector: str) -> int:
    """A number that changes with what a canvas shows; its pixels are too many to be carried."""
    return page.locator(selector).evaluate(
        """(canvas) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Uint32Array(data.buffer)
                .reduce((sum, pixel) => (Math.imul(sum, 31) + pixel) >>> 0, 0);
        }"""
    )


def looks(page: Page) -> list[int]:
    return [look(page, f"{panel} .dots") for panel in (MAIN, BESIDE)]


def drawn_by(store: Store, index: int) -> NDArray[np.int64]:
    codes = torch.from_numpy(store.atlas(MODEL).latents[[index]])
    return decode_to_bytes(store.get(MODEL).model, codes).flatten().numpy().astype(int)


def test_pointing_shows_the_digit_in_both_maps_and_a_click_takes_it(
    atlas: Page, store: Store
) -> None:
    places = chart(atlas, store).places
    index = loner(places)
    still = look(atlas, f"{BESIDE} .marks")
    point_at(atlas, places[index])
    assert np.abs(np.array(bubble(atlas)) - drawn_by(store, index)).max() <= 1
    eventually(atlas, lambda: look(atlas, f"{BESIDE} .marks") != still)  # a ring around the same
    other = chart(atlas, store, "pixels", BESIDE).places
    second = loner(other)
    point_at(atlas, other[second])
    assert np.abs(np.array(bubble(atlas, BESIDE)) - drawn_by(store, second)).max() <= 1
    expect(atlas.locator(f"{MAIN} .bubble")).to_be_hidden()
    before = ink(atlas)
    atlas.mouse.down()
    atlas.mouse.up()
    says(atlas, "from the atlas, as Variational draws it")
    assert ink(atlas) != before


def test_the_wheel_zooms_where_the_pointer_is_and_dragging_moves(
    atlas: Page, store: Store
) -> None:
    places = chart(atlas, store).places
    index = loner(places)
    point_at(atlas, places[index])
    shown = bubble(atlas)
    before = looks(atlas)
    atlas.mouse.wheel(0, -600)
    eventually(atlas, lambda: looks(atlas)[0] != before[0])
    atlas.mouse.move(*places[index])
    assert bubble(atlas) == shown  # it stayed
    near = np.linalg.norm(places - places[index], axis=1).argsort()[1]
    moved = places[index] + (places[near] - places[index]) * np.exp(600 * 0.0016)
    point_at(atlas, moved)
    assert np.abs(np.array(bubble(atlas)) - drawn_by(store, near)).max() <= 1
    atlas.mouse.down()
    moved += np.array([30, 40])
    atlas.mouse.move(*moved, steps=4)
    atlas.mouse.up()
    atlas.mouse.move(5, 5)
    point_at(atlas, moved)
    assert np.abs(np.array(bubble(atlas)) - drawn_by(store, near)).max() <= 1
    atlas.locator(MAIN).get_by_role("button", name="Show everything").click()
    eventually(atlas, lambda: looks(atlas) == before)
    point_at(atlas, places[index])
    assert bubble(atlas) == shown


def frame_between_dots(places: NDArray[np.float32]) -> tuple[float, float, float, float]:
    """A rectangle with many dots in it and none on its rim: left, top, right, bottom."""
    rim = []
    for axis in (0, 1):
        for share in (0.35, 0.65):
            guess = np.quantile(places[:, axis], share)
            tries = np.round(guess) + np.arange(-30, 30)
            free = [np.abs(places[:, axis] - at).min() for at in tries]
            rim.append(float(tries[int(np.argmax(free))]))
    left, right, top, bottom = rim
    return left, top, right, bottom


def test_a_lasso_picks_what_lies_inside(atlas: Page, store: Store) -> None:
    labels, _, places = chart(atlas, store)
    known = store.atlas(MODEL)
    left, top, right, bottom = frame_between_dots(places)
    x, y = places.T
    inside = (x > left) & (x < right) & (y > top) & (y < bottom)
    atlas.get_by_role("button", name="Lasso", exact=True).click()
    atlas.mouse.move(left, top)
    atlas.mouse.down()
    for corner in ((right, top), (right, bottom), (left, bottom), (left, top + 3)):
        atlas.mouse.move(*corner, steps=4)
    atlas.mouse.up()
    tally = atlas.locator(".found .tally")
    expect(tally).to_contain_text("digits picked")
    count = int(tally.inner_text().split()[0].replace(",", ""))
    assert abs(count - int(inside.sum())) <= 2  # a dot may lie on the rim itself
    bars = atlas.locator(".histogram .count").all_inner_texts()
    by_class = [int(text or 0) for text in bars]
    assert sum(by_class) == count
    assert np.abs(by_class - np.bincount(labels[inside], minlength=10)).max() <= 2
    picked = np.flatnonzero(inside)
    if count == len(picked):  # no dot lies on the rim
        codes = torch.from_numpy(known.latents[picked[:: -(-count // 1000)]])
        mean = decode_to_bytes(store.get(MODEL).model, codes).float().mean(dim=0).numpy().ravel()
        eventually(
            atlas, lambda: np.abs(np.array(pixels(atlas, ".mean canvas")[::4]) - mean).max() <= 1
        )
    some = atlas.locator(".gallery .thumb").first
    assert inside[int(some.get_attribute("data-index") or -1)]
    atlas.keyboard.press("Escape")
    expect(tally).to_contain_text("Draw around digits")


def coloured(page: Page, name: int) -> int:
    """How many pixels of the main map have exactly the colour of a class."""
    return page.locator(f"{MAIN} .dots").evaluate(
        """(canvas, rgb) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let i = 0; i < data.length; i += 4) {
                count += data[i] === rgb[0] && data[i + 1] === rgb[1] && data[i + 2] === rgb[2];
            }
            return count;
        }""",
        [int(CLASS_COLOURS[name][at : at + 2], 16) for at in (1, 3, 5)],
    )


def test_classes_can_be_hidden(atlas: Page) -> None:
    assert coloured(atlas, 1) > 100 and coloured(atlas, 6) > 100
    key = atlas.get_by_role("button", name="Show the digits of class 1")
    key.click()
    expect(key).to_have_attribute("aria-pressed", "false")
    eventually(atlas, lambda: coloured(atlas, 1) == 0 and coloured(atlas, 6) > 100)
    atlas.get_by_role("button", name="Show the digits of class 6").dblclick()
    eventually(atlas, lambda: coloured(atlas, 6) > 100 and coloured(atlas, 3) == 0)
    atlas.get_by_role("button", name="All", exact=True).click()
    eventually(atlas, lambda: coloured(atlas, 1) > 100)


def test_the_search_finds_exactly_those_among_strangers(atlas: Page, store: Store) -> None:
    labels, points, _ = chart(atlas, store)
    majority = class_outliers(points, labels).majority
    for own, theirs in ((4, 9), (9, 4), (7, None)):
        atlas.get_by_label("Digits to find").select_option(f"{own}s")
        among = "any others" if theirs is None else f"{theirs}s"
        atlas.get_by_label("What most of their neighbours are").select_option(among)
        atlas.get_by_role("button", name="Find", exact=True).click()
        wanted = majority != own if theirs is None else majority == theirs
        expected = np.flatnonzero((labels == own) & wanted)
        expect(atlas.locator(".found .tally")).to_have_text(
            f"{len(expected)} of the {own}s sit among {among}"
        )
        shown = atlas.locator(".gallery .thumb").evaluate_all(
            "(all) => all.map((one) => Number(one.dataset.index))"
        )
        assert shown == expected[:40].tolist()
    first = atlas.locator(".gallery .thumb").first
    first.click()
    expect(atlas.locator(".unseen.pointed")).to_have_text(
        f"A 7, number {expected[0] + 1} of 5,000."
    )
    assert np.abs(np.array(bubble(atlas)) - drawn_by(store, int(expected[0]))).max() <= 1


def test_the_drawing_moves_on_the_map_while_it_is_drawn(atlas: Page) -> None:
    ruling = atlas.locator(".drawn .ruling")
    expect(ruling).to_contain_text("4s")
    before = look(atlas, f"{MAIN} .marks")
    draw(atlas, ONE, lift=False)
    expect(ruling).to_have_text("All 5 are 1s.")
    eventually(atlas, lambda: look(atlas, f"{MAIN} .marks") != before)
    atlas.mouse.up()
    captions = atlas.locator(".near .thumb").all_inner_texts()
    far = [float(text.split(" · ")[1]) for text in captions]
    assert far == sorted(far)
    atlas.get_by_role("button", name="Clear", exact=True).first.click()
    expect(ruling).to_contain_text("Draw a digit")


def test_the_neighbours_are_the_librarys_and_no_server_is_asked(atlas: Page, store: Store) -> None:
    asked: list[str] = []

    def hear(request: Request) -> None:
        asked.append(request.url)

    ruling = atlas.locator(".drawn .ruling")
    atlas.on("request", hear)
    draw(atlas, ONE)
    expect(ruling).to_have_text("All 5 are 1s.")
    known = store.atlas(MODEL)

    def neighbours() -> list[int]:
        return atlas.locator(".near .thumb").evaluate_all(
            "(all) => all.map((one) => Number(one.dataset.index))"
        )

    def expected() -> tuple[list[int], list[str]]:
        digit = (
            np.array(pixels(atlas, ".drawn .seen canvas")[::4], np.float32).reshape(1, 1, 28, 28)
            / 255
        )
        code = store.get(MODEL).model.encode(torch.from_numpy(digit)).numpy()
        found, _ = nearest(known.latents, code)
        far = np.linalg.norm(known.latents[found[0]] - code, axis=1)
        words = [f"{known.labels[i]} · {away:.2g}" for i, away in zip(found[0], far, strict=True)]
        return found[0].tolist(), words

    eventually(atlas, lambda: neighbours() == expected()[0])
    captions = atlas.locator(".near .thumb").all_inner_texts()
    for caption, words in zip(captions, expected()[1], strict=True):
        (label, far), (wanted, away) = caption.split(" · "), words.split(" · ")
        assert label == wanted and abs(float(far) - float(away)) <= 0.11
    atlas.wait_for_function(
        "() => [...document.querySelectorAll('.near canvas')].every((one) => one.dataset.painted)"
    )
    for at, index in enumerate(neighbours()):
        shown = np.array(pixels(atlas, f".near .thumb >> nth={at} >> canvas")[::4])
        assert np.abs(shown - drawn_by(store, index)).max() <= 1
    atlas.remove_listener("request", hear)
    assert [url for url in asked if "/live/p" in url or "/facts/" in url] == []


def test_the_map_can_be_explored_by_keyboard(atlas: Page) -> None:
    spoken = atlas.locator(".unseen.pointed")
    atlas.locator(f"{MAIN} .marks").focus()
    visited = [spoken.inner_text()]
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        atlas.keyboard.press(key)
        expect(spoken).not_to_have_text(visited[-1])  # it is said after a moment
        expect(spoken).to_contain_text("number")
        visited.append(spoken.inner_text())
    assert len(set(visited)) == 4
    before = look(atlas, f"{MAIN} .dots")
    atlas.keyboard.press("+")
    eventually(atlas, lambda: look(atlas, f"{MAIN} .dots") != before)
    atlas.keyboard.press("0")
    eventually(atlas, lambda: look(atlas, f"{MAIN} .dots") == before)
    drawn = ink(atlas)
    atlas.keyboard.press("Enter")
    says(atlas, "from the atlas")
    assert ink(atlas) != drawn
    atlas.keyboard.press("Escape")
    expect(atlas.locator(f"{MAIN} .bubble")).to_be_hidden()


def at_rest(page: Page) -> int:
    """What the main map looks like when its dots have glided to where they go."""
    seen = [-1]

    def still() -> bool:
        seen.append(look(page, f"{MAIN} .dots"))
        return seen[-1] == seen[-2]

    page.wait_for_timeout(700)  # so long they take, or longer
    eventually(page, still)
    return seen[-1]


def test_maps_in_space_turn_and_short_codes_are_their_own_map(atlas: Page) -> None:
    views = atlas.get_by_role("radiogroup", name="Kind of map")
    views.get_by_text("PCA 3-D").click()
    what = atlas.locator(f"{MAIN} .what")
    expect(what).to_contain_text("three principal components")
    before = at_rest(atlas)
    box = atlas.locator(f"{MAIN} .marks").bounding_box()
    assert box is not None
    atlas.mouse.move(box["x"] + 100, box["y"] + 100)
    atlas.mouse.down()
    atlas.mouse.move(box["x"] + 160, box["y"] + 130, steps=3)
    atlas.mouse.up()
    eventually(atlas, lambda: look(atlas, f"{MAIN} .dots") != before)
    take(atlas, "vae-2")
    expect(what).to_contain_text("10,000 test digits, a code of 2 numbers")
    expect(atlas.locator(f"{MAIN} [data-number=trustworthiness]")).to_have_text("1.000")
    expect(atlas.locator(f"{BESIDE} .what")).to_contain_text("784 pixels, by t-SNE")


def set_up_run(page: Page, **settings: int) -> None:
    if page.locator("#tsne-form").is_hidden():
        page.get_by_role("button", name="Run t-SNE").click()
        page.get_by_role("button", name="Stop").click()
    if page.locator("#tsne-form .settings").is_hidden():
        page.locator("#tsne-form summary").click()
    for name, value in settings.items():
        page.locator(f"#tsne-form [name={name}]").fill(str(value))


@pytest.mark.parametrize("panel", [MAIN, BESIDE])
def test_the_places_of_a_map_are_saved_as_a_table(panel: str, atlas: Page, store: Store) -> None:
    with atlas.expect_download() as started:
        atlas.locator(f"{panel} [data-do=save]").click()
    name = "variational" if panel == MAIN else "raw-pixels"
    assert started.value.suggested_filename == f"{name}-tsne-5000.csv"
    heads, *lines = started.value.path().read_text().splitlines()
    assert heads == "index,class,x,y"
    table = np.array([line.split(",") for line in lines], float)
    known = store.atlas(MODEL if panel == MAIN else "pixels")
    assert np.array_equal(table[:, 0], np.arange(5000))
    assert np.array_equal(table[:, 1], known.labels)
    points = known.maps["tsne"]
    assert np.abs(table[:, 2:] - points).max() <= np.ptp(points, axis=0).max() / 65535


def test_a_run_says_that_it_runs_where_no_frame_comes(atlas: Page) -> None:
    def keep(_: Route) -> None:
        """As a proxy does that waits for all of a reply."""

    atlas.route("**/live/tsne", keep)
    atlas.get_by_role("button", name="Run t-SNE").click()
    course = atlas.locator("#tsne-form output")
    expect(course).to_have_text("Running: finding the neighbours.")
    expect(course).to_contain_text("Running: no frame has come yet.")
    atlas.get_by_role("button", name="Stop").click()
    atlas.unroute("**/live/tsne", keep)


def test_t_sne_runs_in_the_page_and_can_be_stopped(atlas: Page) -> None:
    set_up_run(atlas, points=300, early_iterations=50, iterations=50)
    atlas.evaluate(
        """() => {
            window.heard = [];
            const output = document.querySelector("#tsne-form output");
            const hear = ({ addedNodes }) => window.heard.push(addedNodes[0].data);
            // A record for every sentence, also when many come between two paints.
            new MutationObserver((records) => records.forEach(hear))
                .observe(output, { childList: true });
        }"""
    )
    atlas.get_by_role("button", name="Start").click()
    course = atlas.locator("#tsne-form output")
    expect(course).to_have_text(re.compile(r"^Done: iteration 100 of 100, KL \d\.\d{3} nats\.$"))
    told = re.findall(r"iteration (\d+)", " ".join(atlas.evaluate("window.heard")))
    assert [int(iteration) for iteration in told] == [0, 25, 50, 75, 100]
    for panel in (MAIN, BESIDE):
        expect(atlas.locator(f"{panel} .what")).to_contain_text("300 test digits")
        expect(atlas.locator(f"{panel} [data-number=kl]")).to_contain_text("nats")
        for number in ("map_accuracy", "code_accuracy"):
            expect(atlas.locator(f"{panel} [data-number={number}]")).to_contain_text("%")
        expect(atlas.locator(f"{panel} [data-number=trustworthiness]")).to_contain_text("0.")
    assert atlas.get_by_label("Your run").is_checked()

    set_up_run(atlas, points=2000, iterations=2000)  # it has not ended when Stop is pressed
    atlas.get_by_role("button", name="Start").click()
    expect(course).to_contain_text(re.compile(r"iteration [1-9]"))
    atlas.get_by_role("button", name="Stop").click()
    expect(course).to_contain_text("Stopped.")
    words = course.inner_text()
    atlas.wait_for_timeout(300)
    assert course.inner_text() == words
    atlas.get_by_text("t-SNE", exact=True).first.click()
    expect(atlas.locator(f"{MAIN} .what")).to_contain_text("5,000 test digits")


def test_a_phone_can_scroll_past_the_map_and_use_it(
    phone: BrowserContext, url: str, complaints: list[str]
) -> None:
    page = open_page(phone, url, complaints)
    open_atlas(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    marks = page.locator(f"{MAIN} .marks")
    marks.scroll_into_view_if_needed()
    assert marks.evaluate("(one) => getComputedStyle(one).touchAction") == "pan-y"
    marks.tap()
    page.get_by_role("button", name="Settings").tap()  # folded on a phone
    page.get_by_role("button", name="Move", exact=True).tap()
    assert marks.evaluate("(one) => getComputedStyle(one).touchAction") == "none"
    page.get_by_role("button", name="Move", exact=True).tap()
    assert marks.evaluate("(one) => getComputedStyle(one).touchAction") == "pan-y"
    page.close()
