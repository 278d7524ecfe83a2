"""A model of layers that the page does not know is used in every tab: the server runs it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from playground.store.models import CHECKPOINTS
from tests.own import Own
from vae_core.models import MODELS, specify
from vae_core.training.checkpoints import save_checkpoint
from vae_core.training.recipe import Recipe

from .conftest import open_page
from .hands import THREE, draw, eventually, picture, settle
from .running import running_page
from .test_links import COMPLAINT, follow

OWN = {"own-2": 2, "own-20": 20}  # name -> numbers of its codes
BESIDE = ("vae-2", "vanilla-2", "vanilla-32", "conv-32", "vae-20", "denoising-64")


def save(path: Path, latents: int) -> Path:
    spec = specify("own", latent_dim=latents)
    save_checkpoint(path, Own(latent_dim=latents), Recipe(spec, "digits"), {"epoch": 1})
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of checkpoints, the new ones beside some of ours."""
    folder = tmp_path_factory.mktemp("checkpoints")
    for path in CHECKPOINTS.iterdir():
        if path.is_dir() or path.stem in BESIDE:
            (folder / path.name).symlink_to(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(MODELS, "own", Own)
        for name, latents in OWN.items():
            save(folder / f"{name}.safetensors", latents)
        yield folder


@pytest.fixture(scope="module")
def tab(
    made: Path, window: BrowserContext, heard: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    folders = {"VAE_CHECKPOINTS": str(made), "VAE_RUNS": str(tmp_path_factory.mktemp("runs"))}
    with running_page(program="tests/support/with_own.py", **folders) as url:
        page = open_page(window, url, heard)
        yield page
        page.evaluate("localStorage.clear()")
        page.close()


@pytest.fixture
def own(tab: Page, complaints: list[str]) -> Iterator[Page]:
    """The page, which complains of nothing."""
    yield tab
    expect(tab.locator(COMPLAINT)).to_be_empty()
    for notice in tab.locator(".notice:visible, .wrong:visible").all_inner_texts():
        assert not re.search("server|cannot|could not|unknown|undefined", notice), notice


def is_painted(page: Page, selector: str) -> bool:
    """Whether every canvas that the selector finds has more than one colour."""
    return page.locator(selector).evaluate_all(
        """(canvases) => canvases.length > 0 && canvases.every((canvas) => {
            if (!canvas.width) return false;
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size > 1;
        })"""
    )


def test_a_card_follows_the_pen(own: Page) -> None:
    follow(own, "tab=reconstruct&models=own-2,own-20,conv-32&noise=gaussian-0.3&seed=3")
    before = picture(own, "own-20")
    own.locator("#canvas [data-do=clear]").click()
    draw(own, THREE)
    settle(own)
    for name in OWN:
        expect(own.locator(f"[data-model={name}] [data-number=psnr]")).to_contain_text("dB")
    # A norm of two numbers leaves their order alone, which another digit may share.
    assert picture(own, "own-20") != before
    own.locator("[data-model=own-20] [data-do=enlarge]").click()
    expect(own.locator("dialog.enlarged")).to_be_visible()
    own.keyboard.press("Escape")


def test_a_map_is_painted_and_decodes_where_it_is_pointed_at(own: Page) -> None:
    follow(own, "tab=map&part=two&models=own-2,vae-2")
    own.wait_for_selector(".panel[data-model=own-2][data-tiles='20']")
    digit = ".panel[data-model=own-2] .decoded canvas"
    eventually(own, lambda: is_painted(own, digit))
    before = own.locator(digit).evaluate("(canvas) => canvas.toDataURL()")
    own.locator(".panel[data-model=own-2] .pad-top").click(position={"x": 30, "y": 60})
    eventually(own, lambda: own.locator(digit).evaluate("(c) => c.toDataURL()") != before)


def test_a_slider_asks_the_server_once_for_all_strips(own: Page) -> None:
    follow(own, "tab=map&part=longer&models=own-20")
    own.wait_for_selector(".longer[data-sheet]")
    strips = "#map .strip-frames"
    eventually(own, lambda: is_painted(own, strips))
    own.wait_for_load_state("networkidle")
    asked: list[int] = []

    def note(request: object) -> None:
        if "live/model-decode" in request.url:  # type: ignore[attr-defined]
            asked.append(len(request.post_data_buffer or b""))  # type: ignore[attr-defined]

    own.on("request", note)
    look = "(all) => all.map((canvas) => canvas.toDataURL()).join()"
    before = own.locator(strips).evaluate_all(look)
    own.locator("#map .sliders input").last.press("ArrowRight")
    eventually(own, lambda: own.locator(strips).evaluate_all(look) != before)
    own.remove_listener("request", note)
    many = [size for size in asked if size > 4 * 20 * 20]
    assert len(many) <= 1 + 25  # all strips at once; the plane is decoded a row at a time
    assert sum(size > 4 * 20 * 25 * 2 for size in many) == 1


def test_the_atlas_shows_its_codes(own: Page) -> None:
    follow(own, "tab=atlas&models=own-20")
    expect(own.locator("#atlas .models-list input[value=own-20]")).to_be_checked()
    expect(own.locator("#atlas")).to_contain_text("a code of 20 numbers")


@pytest.mark.parametrize(
    ("part", "pictures"),
    [("films", ".strips canvas"), ("samples", "[data-samples=own-20] canvas"), ("sums", "canvas")],
)
def test_it_walks_samples_and_adds(own: Page, part: str, pictures: str) -> None:
    follow(own, f"tab=walk&part={part}&models=own-20")
    zone = f"#walk [data-part={part}]"
    eventually(own, lambda: is_painted(own, f"{zone} {pictures}:visible"))
    expect(own.locator(zone)).to_contain_text("own-20")


def test_its_network_is_drawn_unit_by_unit(own: Page) -> None:
    follow(own, "tab=learn&chapter=autoencoder&model=own-20")
    chapter = own.locator("[data-chapter=autoencoder]")
    expect(chapter.get_by_label("Model", exact=True)).to_have_value("own-20")
    eventually(own, lambda: is_painted(own, "[data-chapter=autoencoder] .network"))
    expect(chapter.locator(".unit h4")).to_contain_text("number")


def test_one_that_is_uploaded_is_a_model_like_the_others(own: Page, made: Path) -> None:
    own.get_by_role("tab", name="Train", exact=True).click()
    file = save(made / "experiments-of-mine.safetensors", 5)
    own.locator(".runs input[type=file]").set_input_files(file)
    expect(own.locator(".run-head h3")).to_have_text("experiments-of-mine")
    own.get_by_role("tab", name="Reconstruct", exact=True).click()
    own.locator(".cards-zone button.add").click()
    own.locator(".cards-zone .models-list label", has_text="experiments-of-mine").click()
    own.keyboard.press("Escape")
    card = own.locator(".card.model[data-model^='run:']")
    expect(card.locator("[data-number=psnr]")).to_contain_text("dB")
