"""The first ten seconds: the page draws by itself, once, and says what the models did."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import PATIENCE, load, watch
from .hands import ONE, choose, draw, eventually, ink, models, put_back, settle

TURN = "#canvas .turn"
STRENGTH = ".noise-zone [name=strength]"
FINDINGS = ".card.model .finding"
SLOW = "const now = performance.now.bind(performance); performance.now = () => now() / %f;"
INKED = """window.inked = [];
    const look = () => {
        const canvas = document.querySelector("#canvas .paper canvas");
        const { data } = canvas?.width ? canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height) : {};
        if (data) window.inked.push(data.reduce((sum, value) => sum + value, 0));
        if (new Set(window.inked).size < 100) setTimeout(look, 50);
    };
    look();"""
# What is known of this digit with this pattern of noise; tests/js has the rule for any.
FOUND = {
    "conv-32": "keeps the noise",
    "vae-20": "draws an 8",
    "denoising-64": "closest: 25.5 dB",
}


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody who has not been here yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme="light")
    yield context
    context.close()


def opened(
    visitor: BrowserContext, address: str, complaints: list[str], slower: float = 1
) -> Page:
    """A new page, whose clock goes `slower`, so that a busy machine misses nothing."""
    page = visitor.new_page()
    page.add_init_script(SLOW % slower)
    page.set_default_timeout(PATIENCE)
    watch(page, address.split("#")[0], complaints)
    page.goto(address)
    page.wait_for_selector(".card.model")
    return page


def findings(page: Page) -> dict[str, str]:
    texts = page.locator(FINDINGS).all_inner_texts()
    return dict(zip(models(page), texts, strict=True))


def test_the_page_plays_once_and_then_it_is_the_visitors_turn(
    visitor: BrowserContext, url: str, complaints: list[str]
) -> None:
    visitor.add_init_script(INKED)
    page = opened(visitor, url, complaints)
    expect(page.locator(TURN)).to_have_text("Your turn: draw")
    amounts = page.evaluate("window.inked")
    *drawing, _ = dict.fromkeys(amounts)  # the last is what stays, with its strokes as they were
    assert len(drawing) > 8
    assert drawing == sorted(drawing)  # a pen draws, stroke by stroke
    expect(page.locator(STRENGTH)).to_have_value("0.4")
    eventually(page, lambda: findings(page).items() >= FOUND.items())
    assert page.url == url  # nothing was changed by hand
    draw(page, ONE)
    expect(page.locator(TURN)).to_be_empty()
    eventually(page, lambda: "ink=" in page.url)
    page.reload()
    settle(page)
    expect(page.locator(TURN)).to_be_empty()  # what was drawn is shown again


def test_any_input_ends_it(visitor: BrowserContext, url: str, complaints: list[str]) -> None:
    page = opened(visitor, url, complaints, slower=20)
    eventually(page, lambda: ink(page) > 0)
    draw(page, ONE)
    settle(page)
    expect(page.locator(TURN)).to_be_empty()
    before = ink(page)
    page.wait_for_timeout(2500)  # longer than it would have gone on
    assert ink(page) == before
    page.locator("#canvas [data-do=undo]").click()
    assert ink(page) == 0  # of the page's digit nothing was left


def test_a_link_shows_its_own_state(
    visitor: BrowserContext, url: str, complaints: list[str]
) -> None:
    page = opened(visitor, f"{url}#v=1&tab=reconstruct&ink=7&noise=gaussian-0", complaints)
    settle(page)
    expect(page.locator(STRENGTH)).to_have_value("0")
    page.wait_for_timeout(2500)
    expect(page.locator(TURN)).to_be_empty()
    expect(page.locator(STRENGTH)).to_have_value("0")


def test_who_wants_no_motion_sees_the_last_frame(
    browser: Browser, url: str, complaints: list[str]
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = opened(context, url, complaints)
    expect(page.locator(TURN)).to_have_text("Your turn: draw")
    expect(page.locator(STRENGTH)).to_have_value("0.4")
    context.close()


def test_numbers_are_there_when_they_are_wanted(page: Page) -> None:
    number = page.locator("[data-model=vae-20] [data-number=mse]")
    expect(number).to_be_hidden()
    page.locator(".cards-zone").get_by_text("Numbers", exact=True).click()
    expect(number).to_be_visible()
    expect(page.locator(".card.source")).to_be_visible()


def test_models_are_chosen_in_one_line_by_keyboard_too(page: Page) -> None:
    button = page.get_by_role("button", name="+ model").first
    button.focus()
    page.keyboard.press("Enter")
    listed = page.locator(".cards-zone .models-list")
    expect(listed).to_be_visible()
    expect(listed).to_contain_text("Looks through small sliding windows")
    # Gradio paints boxes of its own, whose tick is white and here stood on white.
    looks = "(boxes) => [...new Set(boxes.map((box) => getComputedStyle(box).appearance))]"
    assert listed.locator("input").evaluate_all(looks) == ["auto"]
    page.keyboard.press("Space")  # the first that is chosen has the focus
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    expect(button).to_be_focused()
    assert models(page) == ["conv-32", "vae-20", "denoising-64"]
    choose(page, ".cards-zone", vanilla_32=True)
    page.get_by_role("button", name="Take Denoising away").click()
    assert models(page) == ["vanilla-32", "conv-32", "vae-20"]
    put_back(page, {STRENGTH: "0"})


def test_the_rows_fit_a_projector(
    visitor: BrowserContext, url: str, complaints: list[str]
) -> None:
    page = visitor.new_page()
    load(page, url, complaints)
    box = page.locator(".card.model").last.bounding_box()
    assert box is not None and box["y"] + box["height"] <= 720


# Parts of a row that lie on each other or stick out of it, and words that are cut.
CLASHES = """(cards) => cards.flatMap((card) => {
    const shown = (part) => part.checkVisibility() && part.getClientRects().length > 0;
    const parts = [...card.querySelectorAll("h3, .seen, .bars, [data-picture=reconstruction], .finding, [data-do=enlarge]")].filter(shown);
    const words = (part) => {
        const range = new Range();
        range.selectNodeContents(part);
        return range;
    };
    const boxes = parts.map((part) => (part.matches("h3, p") ? words(part) : part).getBoundingClientRect());
    const around = card.getBoundingClientRect();
    const out = parts.filter((_, i) => boxes[i].left < around.left - 1 || boxes[i].right > around.right + 1);
    const cut = parts.filter((part) => part.scrollWidth > part.clientWidth + 1 && part.matches("h3, .finding"));
    const on = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
        && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
    const over = parts.filter((_, i) => boxes.some((box, j) => j !== i && on(box, boxes[i])));
    return [...out, ...cut, ...over].map((part) => `${card.dataset.model} ${part.className || part.tagName}`);
})"""


def test_nothing_in_a_row_is_cut_or_lies_on_another_part(page: Page) -> None:
    put_back(page, {STRENGTH: "0.4"})
    settle(page)
    expect(page.locator("[data-model='conv-32'] .finding")).to_have_text("keeps the noise")
    size = page.viewport_size
    assert size is not None
    cards = page.locator(".card.model")
    for width, height in ((1280, 720), (1440, 900), (1024, 768), (390, 740), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        eventually(page, lambda: cards.evaluate_all(CLASHES) == [], seconds=10)
    page.set_viewport_size(size)


def test_the_same_digit_in_three_ideas(page: Page) -> None:
    poster = page.locator(".poster")
    poster.scroll_into_view_if_needed()
    page.mouse.wheel(0, 1)  # as a hand would scroll
    expect(poster.locator("h4")).to_have_text(["Vanilla", "Convolutional", "Variational"])
    counts = [1, 1, 25, 7]

    def pictures() -> list[int]:
        cells = poster.locator(".cell .tiles")
        return cells.evaluate_all("(all) => all.map((tiles) => tiles.childElementCount)")

    eventually(page, lambda: pictures() == [count for count in counts for _ in range(3)])
    shares = poster.locator(".cell .share")
    clear = []
    for i in (6, 7, 8):
        expect(shares.nth(i)).to_contain_text("of 25 are digits")
        clear.append(int(shares.nth(i).inner_text().split()[0]))
    assert clear[2] > max(clear[:2])  # a variational model was trained to draw samples
    poster.get_by_label("A fourth model beside the three").select_option("denoising-64")
    expect(poster.locator("h4")).to_have_count(4)
    eventually(page, lambda: pictures() == [count for count in counts for _ in range(4)])
    with page.expect_download() as saved:
        poster.get_by_role("button", name="Save as a picture").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
