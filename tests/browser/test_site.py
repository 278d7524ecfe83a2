"""The static site, below a path of a server that knows nothing but files."""

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Browser, BrowserContext, Page, expect
from safetensors.torch import save

from playground.site import export
from playground.site.document import COMMAND
from playground.store.models import CHECKPOINTS, Store
from playground.text import chapters
from tests.support.site import served
from vae_core import build, save_checkpoint, specify
from vae_core.training.recipe import Recipe

from .axe import violations
from .conftest import load, watch
from .hands import DEFAULT, THREE, draw, eventually, put_back, settle
from .hands import picture as picture_of
from .test_access import TABS, in_the_dark, open_learn, open_tab
from .test_atlas import open_atlas
from .test_map import rest
from .test_walk import open_walk, part

WRONG = re.compile(r"[Ss]erver|app|come|cannot|code \d")  # in a sentence about what failed
BELOW = "some/where"  # the site is not at the root of its server


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a web server shows, with the site in a folder of it."""
    root = tmp_path_factory.mktemp("server")
    export(root / BELOW)
    return root


@pytest.fixture(scope="session")
def site(folder: Path) -> Iterator[str]:
    with served(folder) as address:
        yield f"{address}{BELOW}/"


@pytest.fixture(scope="module")
def visitor(window: BrowserContext, site: str, heard: list[str]) -> Iterator[Page]:
    """The site in a tab that the tests share."""
    page = window.new_page()
    note_failures(page, heard)
    load(page, site, heard)
    put_back(page, {".noise-zone [name=strength]": "0"})
    yield page
    page.close()


def note_failures(page: Page, heard: list[str]) -> None:
    page.on("requestfailed", lambda sent: heard.append(f"failed {sent.url}: {sent.failure}"))
    page.on(
        "response",
        lambda reply: heard.append(f"{reply.status} {reply.url}") if reply.status >= 400 else None,
    )


# --- what is written ---


def test_the_site_is_small_enough_for_a_host_of_files(folder: Path) -> None:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    assert sum(sizes) < 50e6
    index = (folder / BELOW / "index.html").read_text(encoding="utf-8")
    named = re.findall(r'(?:href|src)="([^"]*)"', index)
    assert len(named) > 20
    assert [each for each in named if not each.startswith(("assets/", "data:"))] == []


def test_the_first_sight_is_light(window: BrowserContext, site: str, heard: list[str]) -> None:
    page = window.browser.new_context().new_page()  # type: ignore[union-attr] # with an empty cache
    load(page, site, heard)
    entries = page.evaluate(
        """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
            .map(({ name, encodedBodySize }) => [name, encodedBodySize])"""
    )
    sizes = {name: size for name, size in entries if ".safetensors" not in name}
    assert 50e3 < sum(sizes.values()) < 400e3, sizes  # of a server that packs nothing
    page.context.close()


# --- what it does ---


def reconstruct(page: Page) -> None:
    settle(page)


def map_(page: Page) -> None:
    rest(page)
    page.get_by_label("Longer codes").check(force=True)
    rest(page, ".longer")


def walk(page: Page) -> None:
    open_walk(page)
    part(page, "Sample")
    expect(page.locator(".grid .share").last).to_contain_text("are digits")
    part(page, "Arithmetic")
    expect(page.locator(".sum .share").last).to_contain_text("digit")


def train(page: Page) -> None:
    expect(page.locator(".train-zone .command code")).to_have_text(COMMAND)
    expect(page.locator(".train-zone .case").first).to_be_visible()


def atlas(page: Page) -> None:
    open_atlas(page)
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator(".gallery .thumb").first).to_be_visible()


USES: dict[str, Callable[[Page], None]] = {
    "Reconstruct": reconstruct,
    "Map": map_,
    "Atlas": atlas,
    "Walk": walk,
    "Train": train,
    "Learn": open_learn,
}


@pytest.mark.parametrize("name", TABS)
def test_every_tab_works_and_axe_finds_nothing_wrong(
    visitor: Page, complaints: list[str], name: str
) -> None:
    open_tab(visitor, name)
    USES[name](visitor)
    wrong = violations(visitor)
    in_the_dark(visitor)
    wrong += violations(visitor, rules="contrast")
    in_the_dark(visitor)
    assert wrong == []


def test_it_draws_what_the_app_draws(visitor: Page, page: Page, complaints: list[str]) -> None:
    drawn = []
    for each in (visitor, page):
        each.bring_to_front()
        open_tab(each, "Reconstruct")
        each.get_by_role("button", name="Clear").click()
        draw(each, THREE)
        settle(each)
        drawn.append([picture_of(each, model) for model in DEFAULT])
    assert drawn[0] == drawn[1] and len({str(each) for each in drawn[0]}) == len(DEFAULT)


@pytest.mark.parametrize("chapter", [chapter.name for chapter in chapters.chapters()])
def test_the_figure_of_every_chapter_answers(
    visitor: Page, complaints: list[str], chapter: str
) -> None:
    visitor.evaluate(f"location.hash = 'tab=learn&chapter={chapter}'")
    shown = visitor.locator(f"article[data-chapter={chapter}]")
    expect(shown.locator(".figure")).to_have_attribute("aria-busy", "false")
    if chapter == "compression":  # the files that it compares with are written by the app
        expect(shown.locator("> .notice")).to_contain_text(COMMAND)
        expect(shown.locator(".sizes .cell").first).to_be_visible()
        visitor.mouse.wheel(0, 1)  # a chart waits for a hand
        expect(shown.locator(".js-plotly-plot .main-svg").first).to_be_attached()
    else:
        expect(shown.locator("> .notice")).not_to_contain_text(WRONG)


# --- a checkpoint of the visitor's own ---

COLOURS = """(canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
}"""
DROP = """async ([name, content, at]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name));
    const place = document.querySelector(at);
    const goesOn = (kind) => place.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
    goesOn("dragenter");
    while (goesOn("dragover")) await new Promise((later) => setTimeout(later, 50)); // until somebody takes it
    goesOn("drop");
}"""


def drop(page: Page, name: str, content: bytes, at: str = "#stage") -> None:
    page.evaluate(DROP, [name, base64.b64encode(content).decode(), at])


@pytest.mark.parametrize("at", ["#stage", "#canvas .paper"])
def test_a_checkpoint_that_is_dropped_is_used_at_once_and_sent_nowhere(
    visitor: Page, store: Store, tmp_path: Path, complaints: list[str], at: str
) -> None:
    known = store.get("vae-20")
    path = tmp_path / "Mine & yours.safetensors"
    save_checkpoint(path, known.model, known.recipe, {})
    visitor.on(
        "request", lambda sent: complaints.append(f"sent {sent.url}") if sent.post_data else None
    )
    open_tab(visitor, "Map")
    drop(visitor, path.name, path.read_bytes(), at)
    card = visitor.locator(".card.model[data-model='file:Mine-yours']")
    expect(card).to_be_visible()
    expect(card).to_contain_text("Mine & yours")
    draw(visitor, THREE)
    settle(visitor)
    assert picture_of(visitor, "file:Mine-yours") == picture_of(visitor, "vae-20")
    assert any(picture_of(visitor, "vae-20"))
    visitor.get_by_role("button", name="Enlarge Mine & yours").click()
    expect(visitor.locator("dialog[open]")).to_contain_text("python -m vae_core train vae")
    visitor.keyboard.press("Escape")
    visitor.get_by_role("button", name="Take Mine & yours away").click()


def test_a_shipped_checkpoint_that_is_dropped_has_the_layers_of_its_twin(
    visitor: Page, complaints: list[str]
) -> None:
    path = CHECKPOINTS / "vanilla-32.safetensors"
    assert b"layers" not in path.read_bytes()[:4000]
    drop(visitor, "again.safetensors", path.read_bytes())
    expect(visitor.locator(".card.model[data-model='file:again']")).to_be_visible()
    draw(visitor, THREE)
    settle(visitor)
    assert picture_of(visitor, "file:again") == picture_of(visitor, "vanilla-32")
    visitor.get_by_role("button", name="Take again away").click()


def test_the_map_of_a_dropped_checkpoint_of_two_numbers_is_drawn(
    visitor: Page, store: Store, tmp_path: Path, complaints: list[str]
) -> None:
    known = store.get("vae-2")
    path = tmp_path / "Flat.safetensors"
    save_checkpoint(path, known.model, known.recipe, {})
    drop(visitor, path.name, path.read_bytes())
    expect(visitor.locator(".card.model[data-model='file:Flat']")).to_be_visible()
    open_tab(visitor, "Map")
    visitor.locator("#map label:has([name=map-part][value=two])").click()
    rest(visitor)
    visitor.get_by_label("Model of this map").first.select_option("file:Flat")
    expect(visitor.locator(".panel[data-model='file:Flat'][data-tiles]")).to_be_visible()
    expect(visitor.locator(".two .notice")).to_contain_text("not known of a model from a file")
    tiles = visitor.locator(".panel[data-model='file:Flat'] .pad canvas").first
    assert tiles.evaluate(COLOURS) > 100  # shades, so digits
    open_tab(visitor, "Reconstruct")
    visitor.get_by_role("button", name="Take Flat away").click()


def test_what_is_no_checkpoint_for_this_page_is_refused_in_a_sentence(
    visitor: Page, tmp_path: Path, complaints: list[str]
) -> None:
    wide = specify("vanilla", image_shape=(1, 8, 12), latent_dim=2)
    save_checkpoint(tmp_path / "wide.safetensors", build(wide), Recipe(wide), {})
    saved = (tmp_path / "wide.safetensors").read_bytes()
    old = (
        CHECKPOINTS / "vanilla-32.safetensors"
    ).read_bytes()  # of a version that wrote no layers
    for content, words in (
        (old.replace(b"vanilla-32", b"vanilla-33"), "does not say what layers it has"),
        (saved, "is a model of other pictures"),
        (saved[:100], "no safetensors file, or it is cut short"),
        (save({"weight": torch.zeros(2)}), "its header says nothing of a model"),
    ):
        drop(visitor, "odd.safetensors", content)
        expect(visitor.locator(".bar .said")).to_contain_text(words)


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("torn.png", "image/png", "it is damaged, or of another format"),
        ("holiday.heic", "image/heic", COMMAND),  # some browsers read it, and the app does
    ],
)
def test_a_picture_that_cannot_be_read_is_refused_for_the_right_reason(
    visitor: Page, complaints: list[str], name: str, kind: str, words: str
) -> None:
    torn = {"name": name, "mimeType": kind, "buffer": b"\x89PNG\r\n\x1a\n cut short"}
    visitor.locator("#canvas input[type=file]").set_input_files(torn)
    expect(visitor.locator("#canvas")).to_contain_text(words)


# --- in a frame of another page ---

AROUND = """<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>A course</title><h1>A course</h1>{frame}"""


def test_the_button_embed_gives_a_frame_that_shows_the_same_without_furniture(
    visitor: Page, window: BrowserContext, site: str, folder: Path, complaints: list[str]
) -> None:
    visitor.bring_to_front()
    window.grant_permissions(["clipboard-read", "clipboard-write"])
    open_tab(visitor, "Map")
    visitor.get_by_label("Longer codes").check(force=True)
    rest(visitor, ".longer")
    visitor.evaluate("navigator.clipboard.writeText('')")
    visitor.get_by_role("button", name="Embed").click()
    eventually(visitor, lambda: visitor.evaluate("navigator.clipboard.readText()"))
    frame = visitor.evaluate("navigator.clipboard.readText()")
    assert f'src="{site}?embed=map#' in frame
    (folder / "course.html").write_text(AROUND.format(frame=frame), encoding="utf-8")
    around = window.new_page()
    watch(around, site.removesuffix(f"{BELOW}/"), complaints)
    around.goto(site.replace(f"{BELOW}/", "course.html"))
    inside = around.frame_locator("iframe")
    expect(inside.locator(".longer .pixels[data-exact=true]").first).to_be_visible()
    expect(inside.get_by_role("tablist")).to_be_hidden()
    expect(inside.get_by_role("button", name="Tour")).to_be_hidden()
    words = inside.get_by_text("Click here to use the keyboard.")
    expect(words).to_be_visible()
    words.click()
    expect(words).to_be_hidden()
    around.close()


def test_one_figure_can_be_embedded_by_its_number(
    window: BrowserContext, site: str, complaints: list[str]
) -> None:
    page = window.new_page()
    watch(page, site, complaints)
    name = chapters.chapters()[5].name
    page.goto(f"{site}?embed=learn/06")
    shown = page.locator(f"article[data-chapter={name}]")
    expect(shown.locator(".figure")).to_have_attribute("aria-busy", "false")
    expect(shown.locator(".figure canvas").first).to_be_visible()
    expect(shown.locator(".question")).to_be_hidden()
    expect(page.locator(".learn-zone .chapters")).to_be_hidden()
    assert violations(page) == []
    whole = page.get_by_role("link", name="Open the whole playground")
    whole.focus()
    assert (whole.get_attribute("href") or "").split("#")[0] == f"/{BELOW}/"
    page.goto(f"{site}?embed=map")
    rest(page)
    assert page.evaluate("document.querySelector('.noise-zone [name=strength]').value") == "0"
    expect(page.locator("#canvas .turn")).to_be_empty()  # nor did it draw by itself
    page.goto(f"{site}?embed=learn/60")
    expect(page.locator(".complaint")).to_contain_text("There is no chapter")
    page.close()


def test_who_gets_no_scripts_is_told_so(
    browser: Browser, window: BrowserContext, site: str
) -> None:
    page = window.new_page()
    page.set_content(f'<iframe src="{site}?embed=map" sandbox="allow-scripts"></iframe>')
    words = page.frame_locator("iframe").get_by_text("allow-same-origin")
    expect(words).to_be_visible()
    page.close()
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site)
    words = page.locator(
        "noscript .no-scripts"
    )  # by its class: texts are not sought in a noscript
    expect(words).to_contain_text("JavaScript, which is switched off")
    expect(words).to_be_in_viewport()
    page.context.close()


def test_storage_and_clipboard_that_are_refused_are_no_fault(
    window: BrowserContext, site: str, complaints: list[str]
) -> None:
    page = window.new_page()
    refuse = "get() { throw new DOMException('refused', 'SecurityError'); }"
    page.add_init_script(f"""
        for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {{ {refuse} }});
        navigator.clipboard.writeText = () => Promise.reject(new DOMException("refused"));""")
    watch(page, site, complaints)
    page.goto(site)
    expect(page.locator(".card.model [data-number=psnr]").first).to_contain_text("dB")
    page.get_by_role("button", name="Embed").click()
    field = page.get_by_label("Frame with what is on show")
    expect(field).to_be_focused()
    assert page.evaluate("getSelection().toString()").startswith("<iframe")
    page.close()


# --- without a network ---

KEPT = """async () => {
    const [name] = (await caches.keys()).filter((name) => name.startsWith("vae-playground"));
    return (await (await caches.open(name)).keys()).length;
}"""


def test_after_the_first_visit_it_needs_no_network(
    browser: Browser, folder: Path, complaints: list[str]
) -> None:
    context = browser.new_context()
    page = context.new_page()
    with served(folder) as address:
        load(page, f"{address}{BELOW}/", complaints)
        files = [path for path in (folder / BELOW).rglob("*") if path.is_file()]
        # All but the README, the worker itself, and what is kept as the page.
        eventually(page, lambda: page.evaluate(KEPT) >= len(files) - 2, seconds=300)
    page.goto(f"{address}{BELOW}/#tab=learn&chapter=compression")  # its server is gone
    page.reload()
    for name in TABS:
        open_tab(page, name)
        USES[name](page)
    context.close()
