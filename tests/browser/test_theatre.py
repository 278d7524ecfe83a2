"""The stage of the Train tab: the visitor's own digit and the maps while runs train, and what comes after."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.routes.test_sweeps import leave as sweep
from vae_core.training.config import TrainConfig
from vae_core.training.run_directory import RunDir

from .conftest import open_page
from .hands import ONE, draw, eventually, pixels, settle
from .test_links import COMPLAINT, follow
from .test_train import OWNER, colours, leave, open_train, reaches, row, show, start

LOOK = "(canvas) => canvas.toDataURL()"
POINTS = "[...document.querySelectorAll('.run-map .pad-top')].map((pad) => pad.getAttribute('aria-valuenow'))"


@pytest.fixture(scope="module")
def left(runs: Path) -> Iterator[dict[str, RunDir]]:
    """Two runs that are done, both with codes of two numbers, and a map that is not the same everywhere."""
    config = TrainConfig(epochs=30, batch_size=64, beta=0.0)
    sizes = (("thin", 16), ("thick", 64))
    found = {name: leave(runs, name, width, config=config) for name, width in sizes}
    yield found
    for run in found.values():
        shutil.rmtree(run.path)  # other tests have the same owner


@pytest.fixture(scope="module")
def tab(browser: Browser, url: str, heard: list[str], left: dict[str, RunDir]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(f"localStorage.setItem('train-owner', '{OWNER}')")
    yield open_page(context, url, heard)
    context.close()


@pytest.fixture
def train(tab: Page, complaints: list[str]) -> Page:
    """The Train tab with nothing on show."""
    follow(tab, "tab=train&ink=3")
    open_train(tab)
    for box in tab.locator(".runs li input").all():
        box.uncheck()
    expect(tab.locator(".act")).to_have_count(0)
    return tab


def act(page: Page, nth: int = 0) -> Locator:
    return page.locator(".act").nth(nth)


def redrawn(page: Page, nth: int = 0) -> str:
    """What a run makes of the drawing, once it has answered."""
    expect(act(page, nth).locator(".yours figcaption")).to_contain_text("dB")
    return act(page, nth).locator(".yours canvas").evaluate(LOOK)


# --- three questions ---


def test_three_questions_are_asked_and_beta_only_where_there_is_one(train: Page) -> None:
    form = train.locator(".recipe")
    beta = form.get_by_label("Beta: how dear is the code?")
    expect(form.locator(".advanced summary")).to_have_text("Advanced")
    expect(form.get_by_label("Epochs")).to_be_hidden()
    expect(beta).to_be_visible()
    form.get_by_label("Which model?").select_option("vanilla")
    expect(beta).to_be_hidden()
    form.get_by_label("Which model?").select_option("vae")
    expect(beta).to_be_visible()


def test_what_a_link_sets_behind_advanced_is_told_and_a_link_says_it(train: Page) -> None:
    said = "model=conv-vae&numbers=8&beta=4&advanced=epochs:7,noise:blur"
    follow(train, f"tab=train&{said}")
    form = train.locator(".recipe")
    expect(form.locator(".advanced summary")).to_have_text("Advanced: 2 changed")
    expect(form.locator("code")).to_contain_text("train conv-vae --latent-dim 8 --data digits")
    expect(form.locator("code")).to_contain_text("--beta 4")
    train.locator(".advanced summary").click()
    expect(form.get_by_label("Epochs", exact=True)).to_have_value("7")
    form.get_by_label("Seed", exact=True).fill("5")
    expect(form.locator(".advanced summary")).to_have_text("Advanced: 3 changed")
    expect(train).to_have_url(re.compile("numbers=8.*beta=4.*epochs%3A7.*seed%3A5"))
    follow(train, "tab=train&advanced=epochs:7,wings:2,model:vae,dataset:moon")
    expect(train.locator(COMPLAINT)).to_contain_text("There is no data set called “moon” here.")
    expect(train.locator(COMPLAINT)).to_contain_text("wings cannot be “2” here.")
    expect(train.locator(COMPLAINT)).to_contain_text("model cannot be “vae” here.")
    train.locator(".complaint button").click()
    follow(train, "tab=train")
    expect(form.locator(".advanced summary")).to_have_text("Advanced")


# --- the stage ---


def test_the_drawing_is_redrawn_while_a_run_trains_and_while_the_pen_moves(train: Page) -> None:
    start(train, "live", Epochs="100000")
    first = redrawn(train)
    eventually(train, lambda: redrawn(train) != first)  # it has learnt more
    train.locator(".run-head [data-do=pause]").click()
    reaches(train, "paused")
    train.wait_for_timeout(600)
    before = redrawn(train)
    train.locator("#canvas [data-do=clear]").click()
    expect(act(train).locator(".yours figcaption")).to_have_text("Draw a digit")
    draw(train, ONE)
    eventually(train, lambda: redrawn(train) != before)
    train.locator(".run-head [data-do=stop]").click()
    reaches(train, "stopped")
    row(train, "live").get_by_role("button", name="Delete live").click()
    train.get_by_role("button", name="Delete for good").click()
    expect(act(train)).to_have_count(0)


def test_one_pointer_moves_in_both_maps(train: Page) -> None:
    show(train, "thin", "thick")
    for nth in (0, 1):
        redrawn(train, nth)
        assert colours(train, f".act:nth-child({nth + 1}) .pad-ground") > 20
    digits = train.locator(".point canvas")
    before = digits.evaluate_all("(all) => all.map((canvas) => canvas.toDataURL())")
    act(train).locator(".pad-top").scroll_into_view_if_needed()
    box = act(train).locator(".pad-top").bounding_box()
    assert box is not None
    train.mouse.move(box["x"] + 20, box["y"] + 20)
    train.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.2 * box["height"])

    def both_follow() -> bool:
        now = digits.evaluate_all("(all) => all.map((canvas) => canvas.toDataURL())")
        return all(one != other for one, other in zip(before, now, strict=True))

    eventually(train, both_follow)
    assert set(train.evaluate(POINTS)) == {"90"}
    act(train, 1).locator(".pad-top").focus()
    train.keyboard.press("Home")
    assert set(train.evaluate(POINTS)) == {"50"}


def test_two_runs_of_a_kind_have_two_shades_of_its_colour(train: Page) -> None:
    show(train, "thin", "thick")
    colour = "(acts) => acts.map((act) => act.style.getPropertyValue('--run'))"
    one, other = train.locator(".act").evaluate_all(colour)
    assert one == "#c2629b" and other != one


# --- afterwards ---


def test_a_run_is_used_in_the_other_tabs_under_its_own_name(train: Page) -> None:
    show(train, "thin")
    expect(act(train).locator(".space-numbers")).to_contain_text(
        re.compile(r"continuity 0\.\d{3} · completeness \d+ %")
    )
    measured = re.findall(r"[\d.]+ ?%?", act(train).locator(".space-numbers").inner_text())
    train.get_by_role("link", name="Use thin in Reconstruct").click()
    card = train.locator(".card.model[data-model^='run:']")
    expect(card.locator("h3")).to_have_text("thin")
    expect(card.locator(".name")).to_have_text("yours")
    expect(train.locator(".card.model")).to_have_count(2)  # beside the shipped one of its kind
    open_train(train)
    train.get_by_role("link", name="Use thin in Map").click()
    panel = train.locator(".panel[data-model^='run:']")
    expect(panel.locator("[data-number=continuity]")).to_have_text(measured[0])
    expect(panel.locator("[data-number=completeness]")).to_have_text(measured[1])
    expect(train.locator(".map-zone .verdict")).to_contain_text("Continuity")
    open_train(train)
    train.get_by_role("link", name="Use thin in Walk").click()
    expect(train.locator("#walk .picker")).to_contain_text("thin")
    expect(train.locator(COMPLAINT)).to_be_empty()


def test_a_file_says_what_it_does_not_hold(
    train: Page, left: dict[str, RunDir], tmp_path: Path
) -> None:
    file = tmp_path / "visitor.safetensors"
    shutil.copy(left["thin"].checkpoint, file)
    train.locator(".runs input[type=file]").set_input_files(file)
    expect(train.locator(".run-head h3")).to_have_text("visitor")
    expect(train.locator(".run-head .sentence")).to_contain_text(
        "visitor.safetensors holds the weights and the numbers after epoch 30"
    )
    redrawn(train)
    assert colours(train, ".run-map .pad-ground") > 20
    assert any(pixels(train, "[data-row=reconstructions0]"))
    row(train, "visitor").get_by_role("button", name="Delete visitor").click()
    train.get_by_role("button", name="Delete for good").click()
    expect(row(train, "visitor")).to_have_count(0)


def test_a_step_of_the_lecture_has_its_button_and_then_a_large_map(train: Page) -> None:
    follow(train, "tab=train&experiment=map&present=1")
    cards = train.locator(".case:visible")
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text("2-D map in a minute")
    expect(train.locator(".recipe")).to_be_hidden()
    row(train, "thin").locator("input").evaluate("(box) => box.click()")
    redrawn(train)
    boxes = [train.locator(part).bounding_box() for part in (".yours canvas", ".run-map .pad-top")]
    assert boxes[0] and boxes[1]
    assert boxes[0]["width"] + boxes[1]["width"] > 1280 / 2
    assert boxes[1]["height"] > 0.55 * 800
    train.keyboard.press("Escape")
    expect(train.locator(".recipe")).to_be_visible()


# --- sweeps, where they are read ---


@pytest.fixture
def swept(runs: Path) -> Iterator[Path]:
    """A sweep of the command line, as it is after some of its runs."""
    sweep(runs, "grid")
    yield runs / "grid"
    shutil.rmtree(runs / "grid")


def test_a_sweep_is_a_curve_whose_runs_can_be_opened(train: Page, swept: Path) -> None:
    follow(train, "tab=learn&chapter=costs&part=beta")
    expect(train.locator(".sweeps summary")).to_be_visible()
    asked: list[str] = []
    train.on("request", lambda request: asked.append(request.url))
    draw(train, ONE)
    settle(train)
    assert not [
        url for url in asked if "train-sweeps" in url
    ]  # a stroke has nothing to do with them
    train.locator(".sweeps summary").click()
    chart = train.locator(".sweeps .chart-paper")
    expect(train.get_by_label("Sweep", exact=True)).to_have_value("grid")
    expect(train.locator(".sweeps header")).to_contain_text("4 of 6 runs done")
    chart.focus()
    chart.press("Home")
    expect(chart).to_have_attribute("aria-valuetext", re.compile("beta 4: rate 5.00"))
    RunDir(swept / "beta=4.0").append(
        "epoch", epoch=2, held_out_rate=6.0, held_out_distortion=110.0
    )
    expect(chart).to_have_attribute("aria-valuetext", re.compile("rate 6.00, distortion 110.0"))
    chart.press("ArrowRight")
    expect(train.locator(".sweeps .hoverlayer")).to_contain_text("115.0")  # 20 + 95
    chart.press("Enter")
    expect(train.locator(".run-head h3")).to_have_text("grid/beta=1.0")
    reaches(train, "done")
    row(train, "grid/beta=1.0").get_by_role("button", name="Close").click()
    expect(train.locator(".run-head")).to_have_count(0)
    assert (swept / "beta=1.0" / "recipe.json").exists()
