"""Photographs and scans: the digit that was written comes out, whatever is around it."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from tests.support.photographs import KINDS, as_jpeg, on_sheet, scene, several, written
from vae_core.data.drawings.digit import SeveralDigits, open_picture, to_digit
from vae_core.data.drawings.lines import without_lines
from vae_core.data.ingest import as_drawing
from vae_core.data.strokes import draw
from vae_core.errors import UsageError
from vae_core.evaluation.classifier import load_classifier

SHIPPED = Path(__file__).parents[2] / "checkpoints" / "classifier" / "classifier.safetensors"
SEVEN = [[(0.25, 0.2), (0.75, 0.2), (0.45, 0.85)], [(0.4, 0.5), (0.7, 0.5)]]
EACH = 5  # photographs of a kind; benchmarks/photographs.py takes as many as it is told


@pytest.fixture(scope="module")
def classifier() -> nn.Sequential:
    return load_classifier(SHIPPED)


def judged(classifier: nn.Sequential, digits: np.ndarray) -> list[int]:
    images = torch.from_numpy(digits).reshape(-1, 1, 28, 28).float() / 255
    return classifier(images).argmax(dim=1).tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_the_digit_comes_out_as_from_plain_paper(kind: str, classifier: nn.Sequential) -> None:
    """The examples in other hands are right on plain paper; so they are on any other."""
    hands = [written(seed) for seed in range(EACH)]
    digits = [to_digit(scene(kind, hand, seed)) for seed, hand in enumerate(hands)]
    assert judged(classifier, np.stack(digits)) == [hand.label for hand in hands]


@pytest.mark.parametrize("name", ["1 plain", "1 slanted", "7 plain", "7 with bar"])
@pytest.mark.parametrize("margin", [15, 60])
def test_a_straight_stroke_is_no_printed_line(name: str, margin: int) -> None:
    hand = written(3, name)
    rows, columns = np.nonzero(hand.ink)
    cut = hand.ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    picture = Image.fromarray(255 - np.pad(cut, margin))
    found = to_digit(picture).astype(float) - to_digit(cut)
    assert np.abs(found).mean() / 255 < 0.03


def test_a_lone_hair_line_is_a_1() -> None:
    digit = to_digit(bars((150, 20, 152, 280)))
    assert (digit.max(axis=0) > 127).sum() < 5 and (digit.max(axis=1) > 127).sum() > 17


@pytest.mark.parametrize("slant", [0, 0.03, -0.08])
def test_lines_are_taken_off_and_the_strokes_stay(slant: float) -> None:
    ink = draw(SEVEN, size=400) > 127
    lines = ink.copy()
    x = np.arange(400)
    for start in range(-40, 440, 37):
        rows = np.round(start + slant * x).astype(int)
        for row in (rows, rows + 1):
            inside = (row >= 0) & (row < 400)
            lines[row[inside], x[inside]] = True
    rest = without_lines(lines)
    inner = slice(20, -20)  # a line along the border goes with what touches it
    assert (lines & ~ink)[inner].sum() > 5000
    assert (rest & ~ink)[inner].sum() < 0.06 * (lines & ~ink)[inner].sum()
    assert (ink & ~rest).sum() < 0.02 * ink.sum()
    assert np.array_equal(without_lines(ink), ink)


def test_ten_digits_on_a_sheet_come_in_the_order_of_reading(classifier: nn.Sequential) -> None:
    names = ["0 round", "1 plain", "2 with loop", "3 round", "4 open", "5 with lid", "6 round"]
    names += ["7 with bar", "8 in one", "9 straight"]
    hands = [written(seed, name) for seed, name in enumerate(names)]
    with pytest.raises(SeveralDigits, match="shows 10 digits") as found:
        to_digit(several(hands, 5, 1))
    assert judged(classifier, found.value.digits) == list(range(10))


def bars(*boxes: tuple[int, int, int, int]) -> Image.Image:
    """Black rectangles on white: left, top, right, bottom."""
    paper = np.full((300, 300), 255, np.uint8)
    for left, top, right, bottom in boxes:
        paper[top:bottom, left:right] = 0
    return Image.fromarray(paper)


@pytest.mark.parametrize(
    "digit",
    {
        "5 with a detached bar": bars(
            (110, 60, 200, 74),
            (100, 90, 114, 150),
            (100, 150, 190, 164),
            (176, 164, 190, 230),
            (100, 216, 190, 230),
        ),
        "open 4": bars((90, 60, 104, 150), (90, 136, 160, 150), (172, 50, 186, 240)),
    }.items(),
    ids=lambda item: item[0],
)
def test_parts_of_one_digit_stay_together(digit: tuple[str, Image.Image]) -> None:
    rows = np.flatnonzero(to_digit(digit[1]).max(axis=1) > 127)
    assert np.ptp(rows) in (18, 19, 20)
    _, picture = digit
    ink = 255 - np.asarray(picture)
    assert np.abs(to_digit(picture).astype(float) - to_digit(ink)).mean() / 255 < 0.02


def test_two_digits_are_said() -> None:
    with pytest.raises(SeveralDigits, match="shows 2 digits, and one at a time"):
        to_digit(bars((80, 60, 94, 240), (170, 60, 184, 240)))


def test_a_shape_that_is_filled_in_is_refused_in_a_picture_and_kept_on_the_canvas() -> None:
    y, x = np.mgrid[:400, :400]
    blob = np.uint8(255) * (np.hypot(x - 190, y - 210) < 25)
    with pytest.raises(UsageError, match="filled in, and no digit"):
        to_digit(Image.fromarray(255 - blob))
    assert to_digit(blob).max() == 255


def test_blank_paper_in_any_light_is_empty() -> None:
    for kind in ("plain paper", "soft shadow to 0.55", "vignette of 45 %"):
        ink = on_sheet([], 800, 600)
        photo = KINDS[kind](ink, np.random.default_rng(1)).clip(0, 255).astype(np.uint8)
        assert not to_digit(Image.fromarray(photo)).any(), kind


# What phones and scanners save.


def _seven_on_paper(width: int, height: int) -> Image.Image:
    return scene("plain paper", written(1, "7 with bar"), 1).resize((width, height))


@pytest.mark.parametrize("size", [(4160, 3120), (1080, 5000), (8160, 6144)])
def test_large_photographs_are_made_smaller(size: tuple[int, int]) -> None:
    file = as_jpeg(_seven_on_paper(*size).convert("L"), 50)
    opened = open_picture(file)
    assert opened.width * opened.height <= 16_000_000
    usual = as_drawing(as_jpeg(_seven_on_paper(size[0] // 8, size[1] // 8), 90))
    assert np.abs(as_drawing(file).astype(float) - usual).mean() / 255 < 0.03


def test_a_scan_of_a4_at_600_dpi_is_read() -> None:
    file = io.BytesIO()
    _seven_on_paper(4960, 7016).convert("1").save(file, "PNG")
    assert as_drawing(file.getvalue()).any()


def test_odd_metadata_is_ignored() -> None:
    photo = scene("plain paper", written(1, "7 with bar"), 1)
    file = as_jpeg(photo, exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01\x03\0")
    usual = to_digit(open_picture(as_jpeg(photo)))
    assert np.array_equal(to_digit(open_picture(file)), usual)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC. Phones keep"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC. Phones keep"),
        (b"%PDF-1.7\n", "PDF. Take a screenshot"),
        (b'<svg xmlns="http://www.w3.org/2000/svg">', "SVG. Take a screenshot"),
        (b"II*\0" + bytes(8), "TIFF. Open it and save it as"),
    ],
)
def test_other_formats_are_named_with_what_to_do(start: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        open_picture(start + bytes(40))


def test_a_tiff_is_read() -> None:
    file = io.BytesIO()
    scene("plain paper", written(1, "7 with bar"), 1).save(file, "TIFF")
    assert as_drawing(file.getvalue()).any()


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
def test_sixteen_bits_are_scaled_by_what_is_in_them(bits: int) -> None:
    photo = np.asarray(scene("plain paper", written(1, "7 with bar"), 1).convert("L"))
    deep = Image.fromarray((photo.astype(np.uint32) * ((1 << bits) - 1) // 255).astype(np.uint16))
    usual = to_digit(Image.fromarray(photo))
    assert np.abs(to_digit(deep).astype(float) - usual).mean() / 255 < 0.01
