"""The Learn tab in a browser: every chapter opens, and its figure answers to the visitor."""

import re

import pytest
import torch
from playwright.sync_api import Page, expect
from torch.distributions import Normal, kl_divergence

from playground.components import assets
from playground.facts.page import NOTEBOOKS
from playground.text import chapters
from tests.support.samples import PICTURES

from .axe import violations
from .hands import ONE, draw, eventually, faded

BROUGHT = {"name": "mine.png", "mimeType": "image/png", "buffer": PICTURES["grey"]}
NAMES = [chapter.name for chapter in chapters.chapters()]

# All that can be seen of a figure: words, drawings, pixels.
SEEN = """(figure) => [figure.innerText, ...[...figure.querySelectorAll("svg")].map((s) => s.innerHTML),
    ...[...figure.querySelectorAll("canvas")].map((c) => c.width ? c.toDataURL() : "")].join()"""


def open_chapter(page: Page, name: str) -> None:
    """Opens a chapter by its button, and waits for its figure."""
    page.get_by_role("tab", name="Learn", exact=True).click()
    page.locator(".chapters button").nth(NAMES.index(name)).click()
    expect(page.locator(f"[data-chapter={name}] .figure")).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_answers_to_the_drawing(page: Page, name: str) -> None:
    open_chapter(page, name)
    figure = page.locator(f"[data-chapter={name}] .figure")
    eventually(page, lambda: figure.evaluate("(f) => f.childElementCount > 0"))
    before = figure.evaluate(SEEN)
    page.locator("#canvas [data-do=clear]").click()
    draw(page, ONE)
    eventually(page, lambda: figure.evaluate(SEEN) != before)
    chapter = f"[data-chapter={name}]"
    assert "$" not in page.locator(chapter).inner_text()
    assert violations(page, chapter) == []
    page.locator("[data-do=theme]").click()
    faded(page)
    assert violations(page, chapter, "contrast") == []


def test_a_question_keeps_its_answer_until_it_is_asked_for(page: Page) -> None:
    open_chapter(page, NAMES[0])
    answer = page.locator(f"[data-chapter={NAMES[0]}] .answer")
    expect(answer).to_be_hidden()
    page.get_by_text("Show the answer").first.click()
    expect(answer).to_be_visible()
    page.get_by_text("Hide the answer").first.click()


def test_every_link_into_another_tab_is_understood_there(page: Page) -> None:
    links = [link["fragment"] for chapter in chapters.chapters() for link in chapter.tries]
    for fragment in dict.fromkeys(links):
        page.evaluate("(hash) => (location.hash = hash)", fragment)
        expect(page.locator(".complaint")).to_have_attribute("aria-busy", "false")
        assert page.locator(".complaint p").inner_text() == "", fragment
    page.evaluate("location.hash = ''")


def test_the_code_behind_a_chapter_and_a_word_can_be_asked_for(page: Page) -> None:
    open_chapter(page, NAMES[-1])
    chapter = page.locator(f"[data-chapter={NAMES[-1]}]")
    chapter.locator("dfn").first.focus()
    expect(page.locator(".tip:popover-open")).to_be_visible()
    chapter.get_by_text("Show me the code").click()
    expect(chapter.locator(".listing pre").first).to_contain_text("def ")


def test_the_notebook_of_a_chapter_can_be_saved(page: Page) -> None:
    open_chapter(page, "costs")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save measure_a_vae.ipynb").click()
    assert saved.value.path().read_bytes() == (NOTEBOOKS / "measure_a_vae.ipynb").read_bytes()
    expect(page.locator("[data-chapter=costs] .notebook [role=status]")).to_contain_text("Saved")


def test_a_hole_that_is_shown_is_one_when_it_is_decoded(page: Page) -> None:
    open_chapter(page, "holes")
    panel = page.locator("[data-chapter=holes] .panel").last
    panel.get_by_role("button", name="Show me a hole").click()
    expect(panel.locator(".judged")).to_contain_text("A hole: codes on all sides")
    expect(panel.locator(".hunt")).to_contain_text("1 found")
    panel.get_by_role("slider").press("Home")
    panel.get_by_role("slider").press("Shift+ArrowRight")
    expect(panel.locator(".judged")).not_to_contain_text("A hole")


def test_both_costs_are_the_librarys_and_gradients_are_blocked_by_dice(page: Page) -> None:
    open_chapter(page, "costs")
    costs = page.locator("[data-chapter=costs]")
    costs.get_by_text("Two Gaussians").click()
    costs.get_by_label("Mean μ").fill("2")
    expect(costs.locator(".told")).to_contain_text(
        re.compile(r"KL.*(\d\.\d+) nats.*strips: \1 nats")
    )
    places = [
        (mean, deviation) for mean in (-3.0, 0.0, 1.5) for deviation in (0.02, 0.5, 1.0, 3.0)
    ]
    found = page.evaluate(
        """async ([url, places]) => {
            const { kl, area } = await import(new URL(url, document.baseURI));
            return places.map((place) => [kl(...place), area(...place)]);
        }""",
        [assets.url("learn/figures/costs/closed.js"), places],
    )
    means, deviations = torch.tensor(places).T
    wanted = kl_divergence(Normal(means, deviations), Normal(0.0, 1.0))
    closed, added = torch.tensor(found).T
    torch.testing.assert_close(closed, wanted)
    torch.testing.assert_close(added, wanted)

    costs.get_by_text("The price β", exact=True).click()
    costs.get_by_role("slider", name="Price β").fill("4")
    expect(costs.locator(".said")).to_contain_text("Posterior collapse of one number")
    assert violations(page, "[data-chapter=costs]") == []

    page.get_by_role("tab", name="Reconstruct", exact=True).click()
    page.locator("[data-model=vae-20] [data-do=enlarge]").click()
    card = page.locator("dialog.enlarged")
    card.get_by_text("Show me the code").click()
    expect(card.locator(".listing pre").first).to_contain_text("class VAE")
    card.get_by_text("From picture to loss").click()
    card.get_by_text("Gradients", exact=True).click()
    graph = card.get_by_role("img", name="From picture to loss")
    expect(graph).to_have_accessible_name(re.compile(r"loss [\d.]+ nats.*from code z to mean ‖"))
    card.get_by_text("z drawn inside").click()
    expect(graph).to_have_accessible_name(re.compile("from code z to mean none, blocked"))
    assert violations(page, "dialog.enlarged") == []


def test_a_unit_shows_what_it_stands_for_by_pointer_and_by_keys(page: Page) -> None:
    open_chapter(page, "autoencoder")
    chapter = page.locator("[data-chapter=autoencoder]")
    unit, network = chapter.locator(".unit"), chapter.locator(".network")
    title = unit.locator("h4")
    chapter.get_by_label("Model", exact=True).select_option("vanilla-32")
    expect(title).to_contain_text("Code, number 1: ")
    pictures = unit.locator("figcaption")
    expect(pictures.first).to_contain_text("its weight for each pixel")
    expect(pictures.last).to_contain_text("what the decoder adds to the picture")
    before = unit.locator("canvas").first.evaluate("(canvas) => canvas.toDataURL()")
    network.focus()
    network.press("ArrowDown")
    expect(unit.get_by_role("status")).to_contain_text(re.compile(r"code, number 3: "))
    eventually(
        page,
        lambda: unit.locator("canvas").first.evaluate("(canvas) => canvas.toDataURL()") != before,
    )
    box = network.bounding_box()
    assert box is not None
    network.hover(position={"x": 20, "y": box["height"] / 2})
    expect(title).to_contain_text("What the model sees, row ")


# Runs by name, as lines of (epoch, seconds, distortion on test images).
RACES = {
    "passes": ({"full": [(1, 10, 90), (2, 20, 80)], "conv": [(1, 5, 95), (2, 10, 70)]},
               ["ahead from epoch 2 on", "passes the best of the fully connected one, 80.0 nats, after 2",
                "the fully connected network never comes to what"]),
    "never comes": ({"full": [(1, 10, 90), (2, 20, 80)], "conv": [(1, 50, 99), (2, 99, 85)]},
                    ["not ahead at the end", "does not come to the best", "has after 2 epochs",
                     "took 99 s, the fully connected one 20 s", "the other way round"]),
}  # fmt: skip


def test_the_race_is_told_as_its_curves_have_it(page: Page) -> None:
    address = assets.url("learn/figures/convolutions/verdict.js")
    for runs, sentences in RACES.values():
        told = page.evaluate(
            """async ([address, runs]) => {
                const { verdict } = await import(new URL(address, document.baseURI));
                return verdict(runs).join(" ");
            }""",
            [address, [as_run(*run) for run in runs.items()]],
        )
        for sentence in sentences:
            assert sentence in told


def as_run(name: str, lines: list[tuple[int, int, int]]) -> dict[str, object]:
    names = {"full": "fully-connected", "conv": "convolutional"}
    told = [
        {"epoch": epoch, "seconds": seconds, "test_distortion": nats, "train_distortion": nats}
        for epoch, seconds, nats in lines
    ]
    return {"name": names[name], "label": name, "device": "CPU", "lines": told}


def test_a_size_is_shown_in_the_chart_and_among_the_pictures(page: Page) -> None:
    open_chapter(page, "compression")
    chapter = page.locator("[data-chapter=compression]")
    chart, caption = (
        chapter.get_by_role("slider", name="Size of the code"),
        chapter.locator("caption"),
    )
    chart.focus()
    page.keyboard.press("End")
    expect(caption).to_have_text("64 numbers, 256 bytes")
    expect(chart).to_have_attribute("aria-valuetext", re.compile(r"^64 numbers.*PCA \d+\.\d dB"))
    expect(chapter.locator(".cell.at")).to_have_count(4)
    expect(chapter.get_by_role("button", name="64 numbers")).to_have_attribute(
        "aria-pressed", "true"
    )

    expect(chart).to_contain_text("numbers in the code")
    assert "JPEG" not in str(chart.text_content())
    chapter.get_by_text("bytes", exact=True).click()
    chapter.get_by_text("1 byte", exact=True).click()
    expect(caption).to_have_text("64 numbers, 64 bytes")
    expect(chart).to_contain_text("JPEG, data")

    fed = chapter.get_by_role("img", name="The picture as the models see it")
    for feed in (
        lambda: chapter.get_by_text("A shirt", exact=True).click(),
        lambda: chapter.locator("input[type=file]").set_input_files(BROUGHT),
        lambda: draw(page, ONE),
    ):
        before = fed.evaluate("(canvas) => canvas.toDataURL()")
        feed()
        eventually(page, lambda: fed.evaluate("(c) => c.toDataURL()") != before)  # noqa: B023
    expect(chapter.get_by_label("Your digit")).to_be_checked()
    chapter.locator("input[type=file]").set_input_files({**BROUGHT, "buffer": b"no picture"})
    expect(chapter.locator(".notice")).to_have_text(
        re.compile("not a picture that the browser can read")
    )


def test_a_mark_of_the_trade_off_chooses_its_price_by_mouse_and_by_keys(page: Page) -> None:
    open_chapter(page, "costs")
    costs = page.locator("[data-chapter=costs]")
    costs.get_by_text("The price β", exact=True).click()
    chart, price = costs.locator(".chart-paper").first, costs.get_by_role("slider", name="Price β")
    marks = chart.locator(".scatterlayer path.point")
    price.fill("2")
    expect(price).to_have_attribute("aria-valuetext", "1")
    expect(marks).to_have_count(4)  # beta 0 lies far away
    chart.focus()
    page.keyboard.press("Home")  # the lowest rate is that of the highest price
    expect(chart).to_have_attribute("aria-valuetext", re.compile(r"^beta 20: rate \d"))
    expect(chart.locator(".hoverlayer")).to_contain_text("beta 20")
    page.keyboard.press("Enter")
    expect(price).to_have_attribute("aria-valuetext", "20")
    costs.get_by_text("beta 4", exact=True).scroll_into_view_if_needed()
    words = chart.locator(".textpoint", has_text="beta 4").bounding_box()
    assert words is not None
    page.mouse.move(words["x"], words["y"] + words["height"])  # its mark is at its lower left
    expect(chart.locator(".hoverlayer")).to_contain_text("beta 4")
    page.mouse.down()
    page.mouse.up()
    expect(price).to_have_attribute("aria-valuetext", "4")


def test_the_pictures_of_the_race_follow_the_cursor_in_its_chart(page: Page) -> None:
    open_chapter(page, "convolutions")
    race = page.locator("[data-chapter=convolutions]")
    race.get_by_text("The race", exact=True).click()
    page.mouse.move(5, 5)  # nor does it rest on the chart once that is scrolled to
    told = race.locator(".race-row p").nth(1)
    expect(told).to_contain_text("after 30 epochs")
    chart = race.locator(".chart-paper")
    expect(chart.locator(".scatterlayer .trace")).to_have_count(6)
    chart.focus()
    page.keyboard.press("Home")
    expect(chart).to_have_attribute(
        "aria-valuetext", re.compile(r"^epoch 1: .*, test \d+\.?\d* nats")
    )
    expect(told).to_contain_text("after 15 epochs")  # its first snapshot
    page.keyboard.press("Tab")
    expect(told).to_contain_text("after 30 epochs")
