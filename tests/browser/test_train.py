"""The Train tab as a visitor uses it, with runs so small that each takes a second or two."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from playground.runs.disk import record
from tests.support.pictures import files, zipped
from vae_core.data import datasets
from vae_core.models import build, specify
from vae_core.training import checkpoints
from vae_core.training.config import TrainConfig
from vae_core.training.recipe import Recipe
from vae_core.training.run import drive
from vae_core.training.run_directory import RunDir
from vae_core.training.trainer import Trainer

from .conftest import open_page
from .hands import eventually, pixels, put_back

BETA = "Beta: how dear is the code?"
TINY = {"How many numbers?": "2", "Width": "16", "Depth": "0", "Batch": "256", "Epochs": "3"}
PATIENCE = 600_000  # ms that a busy machine may take to bring a trainer up
OWNER = "a-browser-with-runs-from-before-0"


QUICK = TrainConfig(epochs=3)


def leave(
    runs: Path, name: str, width: int = 16, owner: str = OWNER, config: TrainConfig = QUICK
) -> RunDir:
    """A run of `owner` that is done, as its trainer would have left it."""
    recipe = Recipe(specify("vae", latent_dim=2, width=width, depth=0), "digits", config=config)
    run = RunDir(runs / re.sub(r"\W", "", name))
    run.begin(recipe)
    images, held_out = (datasets.load("digits", split).images for split in ("train", "validation"))
    trainer = Trainer(build(recipe.model), images, recipe.config, held_out)
    list(drive(trainer, run, recipe))
    record.Record(owner=record.hashed(owner), name=name, created=time.time()).write(run.path)
    return run


@pytest.fixture(scope="module")
def left(runs: Path) -> dict[str, RunDir]:
    """Two runs that are done."""
    return {name: leave(runs, name, width) for name, width in (("narrow", 16), ("wide", 64))}


@pytest.fixture
def train(tab: Page, complaints: list[str]) -> Page:
    """The Train tab of a visitor with no run on show, ready to start."""
    open_train(tab)
    begin_train_anew(tab)
    return tab


@pytest.fixture(scope="module")
def owners_tab(
    browser: Browser, url: str, heard: list[str], left: dict[str, RunDir]
) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(f"localStorage.setItem('train-owner', '{OWNER}')")
    yield open_page(context, url, heard)
    context.close()


@pytest.fixture
def again(owners_tab: Page, left: dict[str, RunDir], complaints: list[str]) -> Page:
    """The Train tab of the visitor whose runs are `left`."""
    open_train(owners_tab)
    begin_train_anew(owners_tab)
    expect(owners_tab.locator(".runs li")).to_have_count(len(left))
    return owners_tab


def begin_train_anew(page: Page) -> None:
    """No run on show, the experiments in sight, and what is trained as the tab opens with it."""
    for box in page.locator(".runs li input").all():
        box.uncheck()
    expect(page.locator(".run-head")).to_have_count(0)
    for details in (".experiments", ".advanced"):
        page.locator(details).evaluate("(details) => (details.open = true)")
    put_back(page, {".recipe [name=model]": "vae", ".recipe [name=dataset]": "digits"})


def open_train(page: Page) -> Page:
    page.get_by_role("tab", name="Train").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled()
    return page


def start(page: Page, name: str, **settings: str) -> None:
    """Fills the form and starts a run; what is not given is at its default, or tiny."""
    form = page.locator(".recipe")
    form.locator(".advanced").evaluate("(details) => (details.open = true)")
    for label, value in {"Name": name, **TINY, **settings}.items():
        form.get_by_label(label, exact=True).fill(value)
    form.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".run-head h3").last).to_have_text(name)


def head(page: Page, nth: int = 0) -> Locator:
    return page.locator(".run-head").nth(nth)


def button(page: Page, name: str) -> None:
    head(page).get_by_role("button", name=name, exact=True).click()


def reaches(page: Page, state: str | re.Pattern[str], nth: int = 0) -> None:
    expect(head(page, nth)).to_have_attribute("data-state", state, timeout=PATIENCE)


def row(page: Page, name: str) -> Locator:
    return page.locator(".runs li").filter(has_text=name)


def show(page: Page, *names: str) -> None:
    for name in names:
        row(page, name).get_by_role("checkbox").check()
    expect(page.locator(".run-head")).to_have_count(len(names))
    expect(page.locator(".rows canvas").first).to_be_visible()


def read_last(page: Page, chart: str) -> dict[str, float]:
    """What the cursor at the right end of a chart reads, by curve."""
    page.locator(f".one-chart [value={chart}]").check(force=True)
    paper = page.locator(f"[data-chart={chart}] .chart-paper")
    paper.focus()
    paper.press("End")
    _, words = str(paper.get_attribute("aria-valuetext")).split(": ")
    read = (part.removesuffix(" nats").rsplit(" ", 1) for part in words.split(", "))
    return {name: float(value) for name, value in read}


def epochs(page: Page) -> int:
    found = re.search(r"epoch ([\d,]+) of", head(page).inner_text())
    assert found
    return int(found[1].replace(",", ""))


def grey(page: Page, row: str) -> np.ndarray:
    """A row of pictures as its grey levels, [28, w]."""
    return np.array(pixels(page, f"[data-row={row}]")).reshape(28, -1, 4)[:, :, 0]


def colours(page: Page, selector: str) -> int:
    """How many colours a canvas shows."""
    return len(np.unique(np.array(pixels(page, selector)).reshape(-1, 4), axis=0))


# --- a run from start to end ---


def test_a_run_shows_the_numbers_and_pictures_that_its_directory_holds(
    train: Page, runs: Path
) -> None:
    name = "<b>first</b>"  # names are shown as they are typed
    start(train, name, **{"Learning rate": "0.00001", BETA: "4", "Seed": "7"})
    command = train.locator(".recipe code")
    expect(command).to_contain_text("--seed 7")
    words = str(command.text_content())
    reaches(train, "done")
    expect(row(train, name)).to_contain_text("nats")
    run = RunDir(runs / str(row(train, name).get_attribute("data-run")))
    agrees(train, run)
    assert words == run.recipe().command(words.split(" --out ")[1])
    assert (run.recipe().config.learning_rate, run.recipe().config.beta) == (1e-5, 4.0)
    expect(head(train)).to_contain_text("images/s")
    last = run.metrics()[-1]
    a_pixel = (last["held_out_distortion"] + last["held_out_rate"]) / 784
    expect(head(train)).to_contain_text(f"nats, {a_pixel:.4f} a pixel")
    expect(train.locator(".train-zone > .unseen")).to_contain_text("first</b>: done")


IN_FILES = {"train": "train", "held out": "held_out"}  # what the page calls its curves


def agrees(page: Page, run: RunDir) -> None:
    """The page shows what the run's directory holds."""
    last = run.metrics()[-1]
    for chart in ("distortion", "rate"):
        for curve, value in read_last(page, chart).items():
            wanted = last[f"{IN_FILES[curve]}_{chart}"]
            assert value == pytest.approx(wanted, abs=0.051), (chart, curve)
    made = run.preview()
    for name in ("originals", "reconstructions", "samples"):
        shown = grey(page, f"{name}0")
        wanted = np.concatenate(list(made[name][:, 0].numpy()), axis=1)
        assert np.array_equal(shown, wanted[:, : shown.shape[1]]), name


def test_a_run_is_steered_and_found_again_after_a_reload(train: Page) -> None:
    start(train, "steered", Epochs="100000")  # still going at every step below
    expect(head(train)).to_contain_text("left", timeout=PATIENCE)
    button(train, "Pause")
    reaches(train, "paused")
    before = epochs(train)
    button(train, "Step")
    expect(head(train)).to_contain_text(f"epoch {before + 1:,} of")
    reaches(train, "paused")
    train.reload()
    open_train(train)
    expect(train.locator(".run-head h3")).to_have_text("steered")
    reaches(train, "paused")
    assert epochs(train) == before + 1
    button(train, "Resume")
    reaches(train, "running")
    expect(head(train)).not_to_contain_text(f"epoch {before + 1:,} of")
    button(train, "Stop")
    reaches(train, "stopped")
    expect(train.locator(".train-zone > .unseen")).to_contain_text("steered: stopped")


def test_an_experiment_shows_its_lesson_while_its_runs_train(train: Page) -> None:
    card = train.locator(".case").first
    sentence = card.locator("span").inner_text()
    card.click()
    expect(train.locator(".lesson")).to_have_text(sentence)
    expect(train.locator(".case").first).to_be_hidden()
    count = train.locator(".run-head").count()
    for nth in range(count):
        expect(head(train, nth)).to_contain_text("images/s", timeout=PATIENCE)
    assert re.search("train|now", " ".join(read_last(train, "distortion")))
    expect(train.locator(".rows canvas").first).to_be_visible()
    for nth in range(count):
        # On a slow machine one may be done before its button is reached.
        stop = head(train, nth).get_by_role("button", name="Stop")
        stop.evaluate("(button) => button.click()")
        reaches(train, re.compile("stopped|done"), nth)


def test_a_visitor_trains_on_pictures_of_their_own(
    train: Page, runs: Path, tmp_path: Path, complaints: list[str]
) -> None:
    archive = tmp_path / "spots.zip"
    archive.write_bytes(zipped({**files(66, 3), "bad.png": b"x"}))
    train.get_by_role("button", name="Bring your own pictures").click()
    train.locator(".bring input[type=file]").set_input_files(archive)
    chooser, dataset = train.get_by_label("Data set", exact=True), train.locator(".dataset")
    expect(dataset).to_contain_text("66 pictures in 3 classes: 0, 1, 2. 1 could not be read")
    expect(chooser.locator("option:checked")).to_have_text("yours: spots.zip")
    expect(dataset.locator("canvas.seen")).to_be_visible()
    assert colours(train, ".dataset canvas.seen") > 20
    start(train, "spots", Epochs="1")
    reaches(train, "done")
    expect(row(train, "spots")).to_contain_text("vae on yours: spots.zip")
    agrees(train, RunDir(runs / str(row(train, "spots").get_attribute("data-run"))))

    train.reload()
    open_train(train)
    train.locator(".advanced summary").click()
    archive.rename(tmp_path / "again.zip")
    train.get_by_role("button", name="Bring your own pictures").click()
    train.locator(".bring input[type=file]").set_input_files(tmp_path / "again.zip")
    expect(chooser.locator("option:checked")).to_have_text("yours: again.zip")
    kept = [path for path in (runs / ".pictures").rglob("*") if path.is_file()]
    train.get_by_role("button", name="Remove them from the server").click()
    expect(dataset.get_by_role("alert")).to_have_text(
        "yours: again.zip: these pictures are removed from the server."
    )
    expect(chooser.locator("option").filter(has_text="again.zip")).to_have_count(0)
    left = [path for path in kept if path.exists()]
    assert len(left) < len(kept)
    for path in left:
        path.unlink()
    chooser.select_option("yours: spots.zip")
    expect(dataset.get_by_role("alert")).to_contain_text("not on the server any more")
    expect(chooser.locator("option").filter(has_text="spots.zip")).to_have_count(0)
    expect(chooser).to_have_value("digits")
    forgive(complaints)


# --- what to train ---


def test_only_the_options_of_the_chosen_model_are_there(train: Page) -> None:
    form = train.locator(".recipe")
    expect(form.get_by_label("Sparsity")).to_have_count(0)
    form.get_by_label("Width", exact=True).fill("99")
    form.get_by_label("Which model?", exact=True).select_option("sparse")
    expect(form.get_by_label("Sparsity")).to_be_visible()
    expect(form.get_by_label("Width", exact=True)).to_have_value("99")
    expect(form.locator("code")).to_contain_text("train sparse")
    expect(form.locator("code")).to_contain_text("--width 99")


def test_a_wrong_value_is_explained_and_nothing_typed_is_lost(
    train: Page, complaints: list[str]
) -> None:
    form = train.locator(".recipe")
    rate, epochs = (form.get_by_label(name, exact=True) for name in ("Learning rate", "Epochs"))
    epochs.fill("12")
    rate.fill("quick")
    form.get_by_role("button", name="Start", exact=True).click()
    wrong = form.get_by_role("alert").filter(has_text="learning_rate must be a number")
    expect(wrong).to_be_visible()
    expect(rate).to_have_attribute("aria-invalid", "true")
    expect(rate).to_be_focused()
    expect(rate).to_have_value("quick")
    expect(epochs).to_have_value("12")
    expect(train.locator(".run-head")).to_have_count(0)
    rate.fill("0.001")
    expect(form.locator("code")).to_contain_text("--learning-rate 0.001")
    expect(rate).not_to_have_attribute("aria-invalid", "true")
    forgive(complaints)


def forgive(complaints: list[str]) -> None:
    """A refusal is an answer with status 400, which the browser notes by itself."""
    complaints[:] = [line for line in complaints if "status of 400" not in line]


# --- afterwards ---


def test_two_runs_are_on_the_same_axes(again: Page, left: dict[str, RunDir]) -> None:
    show(again, "narrow", "wide")
    expect(again.locator(".rows canvas")).to_have_count(5)  # the digits both were given, once
    for chart in ("distortion", "rate"):
        read = read_last(again, chart)
        for letter, name in (("A", "narrow"), ("B", "wide")):
            last = left[name].metrics()[-1]
            for curve in ("train", "held out"):
                value = last[f"{IN_FILES[curve]}_{chart}"]
                assert read[f"{letter} {curve}"] == pytest.approx(value, abs=0.051)
    row(again, "narrow").get_by_role("button", name="narrow").first.click()
    expect(again.locator(".run-head")).to_have_count(1)
    agrees(again, left["narrow"])
    assert colours(again, ".run-map .pad-ground") > 20
    expect(again.locator(".latents figcaption")).to_contain_text("of 2 dead")


def test_rewinding_starts_from_the_same_weights(again: Page, left: dict[str, RunDir]) -> None:
    show(again, "wide")
    button(again, "Rewind")
    expect(row(again, "wide")).to_have_count(2)
    reaches(again, "done")
    known = left["wide"].path
    shown = again.locator(".runs li").filter(has=again.locator("input:checked"))
    new = str(shown.get_attribute("data-run"))
    assert new != known.name
    agrees(again, left["wide"])
    row(again, "wide").last.get_by_role("button", name="Delete wide").click()
    again.get_by_role("button", name="Delete for good").click()
    expect(row(again, "wide")).to_have_count(1)
    assert known.exists() and not (known.parent / new).exists()


def test_a_run_is_deleted_only_when_that_is_confirmed(
    again: Page, left: dict[str, RunDir]
) -> None:
    item = row(again, "narrow")
    show(again, "narrow")
    item.get_by_role("button", name="Delete narrow").click()
    item.get_by_role("button", name="Keep").click()
    expect(item.get_by_role("button", name="Delete narrow")).to_be_focused()
    assert left["narrow"].path.exists()


def test_a_download_loads_and_comes_back_by_upload(
    again: Page, left: dict[str, RunDir], tmp_path: Path, complaints: list[str]
) -> None:
    show(again, "narrow")
    with again.expect_download() as weights:
        button(again, "Download")
    file = tmp_path / weights.value.suggested_filename
    weights.value.save_as(file)
    assert file.name == "narrow.safetensors"
    assert checkpoints.load_checkpoint(file).recipe == left["narrow"].recipe()
    with again.expect_download() as script:
        button(again, "Script")
    assert "checkpoints.load_checkpoint" in script.value.path().read_text()
    back = file.rename(tmp_path / "back.safetensors")
    upload = again.locator(".runs input[type=file]")
    upload.set_input_files(back)
    expect(again.locator(".run-head h3")).to_have_text("back")
    reaches(again, "done")
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"broken")
    upload.set_input_files(broken)
    expect(again.locator(".runs > .wrong")).to_contain_text("broken.safetensors is damaged")
    forgive(complaints)
    row(again, "back").get_by_role("button", name="Delete back").click()
    again.get_by_role("button", name="Delete for good").click()
    expect(row(again, "back")).to_have_count(0)
    expect(again.locator(".run-head")).to_have_count(0)


def test_a_phone_shows_all_of_it_without_scrolling_sideways(again: Page) -> None:
    again.set_viewport_size({"width": 390, "height": 844})
    show(again, "narrow", "wide")
    expect(again.locator(".latents canvas").last).to_be_visible()
    eventually(again, lambda: again.evaluate("document.documentElement.scrollWidth") <= 390)
    again.set_viewport_size({"width": 1280, "height": 800})
