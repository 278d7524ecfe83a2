"""What a visitor's hands and eyes do: draw, look at a picture, read a number."""

import time
from collections.abc import Callable, Mapping, Sequence

from playwright.sync_api import Page, expect

from vae_core.data.strokes import PEN

Points = Sequence[tuple[float, float]]  # from 0 to 1 across the canvas

THREE: Points = (
    (0.25, 0.2), (0.4, 0.13), (0.6, 0.15), (0.7, 0.28), (0.6, 0.42), (0.42, 0.48),
    (0.62, 0.55), (0.73, 0.7), (0.6, 0.85), (0.4, 0.88), (0.25, 0.8),
)  # fmt: skip
ONE: Points = ((0.52, 0.12), (0.51, 0.4), (0.5, 0.88))

CANVAS = "#canvas .paper canvas"
DEFAULT = ["vanilla-32", "conv-32", "vae-20", "denoising-64"]  # the cards that the page opens with

CONTROLS = {
    "#canvas .size input": str(round(PEN * 280)),
    ".noise-zone [name=strength]": "0",
    ".noise-zone [name=kind]": "gaussian",
    ".cards-zone [name=order][value=listed]": True,
}

# The rest of the page, back to how they stand when it has loaded.
BEGIN = """(models) => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const press = (selector) => all(selector).forEach((button) => button.disabled || button.click());
    for (const open of all("dialog[open]")) open.close();
    for (const open of all(":popover-open")) open.hidePopover();
    document.activeElement?.blur();
    const undo = document.querySelector("#canvas [data-do=undo]");
    while (!undo.disabled) undo.click();
    press("#canvas [data-do=redo]"); // the digit that the page opens with
    press("#canvas [data-tool=pen]");
    press(".cards-zone [data-do=mean]");
    for (const box of all(".cards-zone .models-list input:enabled")) {
        if (box.checked !== models.includes(box.value)) box.click();
    }
    if (document.querySelector(".cards-zone [name=numbers]").checked) press(".cards-zone [name=numbers]");
    press("[data-do=theme][aria-pressed=true]");
    localStorage.clear();
    localStorage.setItem("opening-seen", "1");
    scrollTo(0, 0);
}"""


def place(page: Page, point: tuple[float, float]) -> tuple[float, float]:
    """A point of the canvas as a point of the window."""
    box = page.locator(CANVAS).bounding_box()
    assert box is not None
    return box["x"] + point[0] * box["width"], box["y"] + point[1] * box["height"]


def draw(page: Page, points: Points, lift: bool = True) -> None:
    """One stroke with the mouse; `lift` says whether the button is let go."""
    page.mouse.move(*place(page, points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*place(page, point))
    if lift:
        page.mouse.up()


def pixels(page: Page, selector: str) -> list[int]:
    """The pixels of the first canvas that the selector finds; empty if it shows nothing."""
    return page.locator(selector).first.evaluate(
        """(canvas) => canvas.width === 0 ? [] : [...canvas.getContext("2d")
            .getImageData(0, 0, canvas.width, canvas.height).data]"""
    )


def picture(page: Page, model: str, name: str = "reconstruction") -> list[int]:
    return pixels(page, f"[data-model='{model}'] [data-picture={name}]")


def clean(page: Page) -> list[int]:
    return pixels(page, "[data-picture=clean]")


def noisy(page: Page) -> list[int]:
    return pixels(page, "[data-picture=noisy]")


def ink(page: Page) -> int:
    """How much is drawn on the canvas."""
    return page.locator(CANVAS).evaluate(
        """(canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
            .data.reduce((sum, value, i) => sum + (i % 4 === 3 ? value : 0), 0)"""
    )


def begin_anew(page: Page) -> None:
    """Puts a used page back to where it was when it had loaded; the open tab stays open."""
    page.mouse.up()
    page.mouse.move(5, 5)
    page.evaluate(BEGIN, DEFAULT)
    put_back(page, CONTROLS)
    faded(page)
    settle(page)


def put_back(page: Page, controls: Mapping[str, str | bool]) -> None:
    """Gives the fields that the selectors find these values, as a hand would, in one go."""
    page.evaluate(
        """(controls) => {
            for (const [selector, value] of Object.entries(controls)) {
                const field = document.querySelector(selector);
                if (value === true && !field.checked) field.click();
                if (value === true || field.value === value) continue;
                field.value = value;
                for (const kind of ["input", "change"]) {
                    field.dispatchEvent(new Event(kind, { bubbles: true }));
                }
            }
        }""",
        controls,
    )


def faded(page: Page) -> None:
    """Waits until no colour fades from one theme to the other any more."""
    page.wait_for_function(
        "document.getAnimations().every((one) => !(one instanceof CSSTransition))"
    )


def eventually(page: Page, holds: Callable[[], object], seconds: float = 20) -> None:
    """Waits until something holds: a busy machine is no failure."""
    patience, pause = time.monotonic() + seconds, 25.0
    while not holds():
        assert time.monotonic() < patience, "waited in vain"
        page.wait_for_timeout(pause)
        pause = min(1.5 * pause, 400)  # looking costs time that the page could use


def settle(page: Page) -> None:
    """Waits until the cards have caught up with everything that was done before."""
    page.wait_for_function("document.querySelector('.cards-zone')?.ariaBusy === 'false'")


def models(page: Page) -> list[str]:
    """The cards, from left to right."""
    return page.locator(".card.model").evaluate_all("(cards) => cards.map((c) => c.dataset.model)")


def psnr(page: Page, card: str) -> float:
    text = page.locator(f"{card} [data-number=psnr]").first.inner_text()
    return float(text.removesuffix(" dB"))


def strength(page: Page, value: float) -> None:
    page.get_by_label("Strength of the noise").fill(str(value))


def says(page: Page, words: str) -> None:
    """The canvas's status line has these words in it."""
    expect(page.locator(".canvas-zone .status")).to_contain_text(words)


def choose(page: Page, zone: str, **models: bool) -> None:
    """Takes models into the choice of a part of the page or out of it, with the mouse."""
    page.locator(f"{zone} button.add").click()
    for name, on in models.items():
        box = page.locator(f"{zone} .models-list input[value='{name.replace('_', '-')}']")
        box.set_checked(on)
    page.keyboard.press("Escape")
    expect(page.locator(f"{zone} .models-list")).to_be_hidden()
