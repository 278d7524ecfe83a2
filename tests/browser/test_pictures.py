"""Pictures from outside, good and bad: a digit or a sentence, and the page goes on."""

import struct
import zlib

import pytest
from playwright.sync_api import Page

from tests.support.samples import BAD_PICTURES, PICTURES

from .hands import ONE, clean, draw, eventually, ink, says, settle


def bomb() -> bytes:
    """A PNG whose header promises 20,000 x 20,000 pixels, in a hundred bytes."""
    size = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", size), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def choose(page: Page, file: bytes, name: str = "picture.png") -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": file}
    )


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_becomes_a_digit(page: Page, kind: str) -> None:
    page.get_by_role("button", name="Clear").click()
    choose(page, PICTURES[kind])
    says(page, "digit found")
    settle(page)
    assert ink(page) > 0 and any(clean(page))
    page.get_by_role("button", name="Undo").click()
    assert ink(page) == 0


def test_bad_pictures_are_explained_and_the_page_goes_on(
    page: Page, complaints: list[str]
) -> None:
    before = ink(page)
    sentences = {"bomb": "too large", "nothing": "empty", "a word": "cannot be read"}
    bad = {**BAD_PICTURES, "bomb": bomb()}
    del bad["a long file"]  # slow to hand to a browser; the route's own test has it
    for kind, file in bad.items():
        with page.expect_response("**/live/picture"):
            choose(page, file)
        says(page, sentences.get(kind, "."))
        assert ink(page) == before, kind
        page.get_by_role("button", name="Undo").focus()
    draw(page, ONE)
    settle(page)
    assert any(clean(page))
    says(page, "")
    # Chromium reports every refused request in the console; these refusals are wanted.
    eventually(page, lambda: sum("400 (Bad Request)" in line for line in complaints) == len(bad))
    complaints[:] = [line for line in complaints if "400 (Bad Request)" not in line]


@pytest.mark.parametrize("event", ["paste", "drop"])
def test_a_picture_can_be_pasted_and_dropped(page: Page, event: str) -> None:
    page.get_by_role("button", name="Clear").click()
    page.evaluate(
        """([bytes, event]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "digit.png"));
            const paper = document.querySelector(".paper");
            paper.dispatchEvent(event === "paste"
                ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
                : new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
        }""",
        [list(PICTURES["grey"]), event],
    )
    says(page, "digit found")
    assert ink(page) > 0
