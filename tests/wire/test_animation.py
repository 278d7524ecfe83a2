"""Files of films, opened again by Pillow: frames, size, time, and the pictures themselves."""

import io

import numpy as np
import pytest
from PIL import Image

from playground.wire import animation
from playground.wire.animation import KINDS, Row, Style
from vae_core.errors import UsageError

STYLE = Style(scale=3, rate=10, bounce=False, dark=False)


def rows(count: int = 5, labels: tuple[str, ...] = ("Vanilla", "Variational")) -> list[Row]:
    """Films of random pictures."""
    chance = np.random.default_rng(0)
    pictures = chance.integers(0, 256, (len(labels), count, 28, 28), dtype=np.uint8)
    return [Row(label, "#1a76bd", row) for label, row in zip(labels, pictures, strict=True)]


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def frames(content: bytes) -> list[np.ndarray]:
    """Every frame, [h, w, 3]."""
    image = opened(content)
    found = []
    for at in range(getattr(image, "n_frames", 1)):
        image.seek(at)
        found.append(np.asarray(image.convert("RGB")).astype(int))
    return found


def durations(content: bytes) -> list[int]:
    """How long each frame is shown, in ms."""
    image = opened(content)
    found = []
    for at in range(image.n_frames):
        image.seek(at)
        image.load()
        found.append(image.info["duration"])
    return found


def picture(frame: np.ndarray, left: int, top: int, scale: int) -> np.ndarray:
    """The small picture at a place of a frame, by the middle of each of its enlarged pixels."""
    middle = scale // 2
    part = frame[top : top + 28 * scale, left : left + 28 * scale]
    return part[middle::scale, middle::scale, 0]


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_an_animation_runs_for_ever_at_the_rate(kind: str) -> None:
    content = KINDS[kind](rows(), STYLE, None)
    image = opened(content)
    assert image.format == kind.upper() and image.info["loop"] == 0
    assert durations(content) == [100] * 5  # ms


@pytest.mark.parametrize("kind", ["gif", "webp"])
@pytest.mark.parametrize("dark", [False, True])
def test_an_animation_shows_each_picture_within_one_grey_level(kind: str, dark: bool) -> None:
    films = rows()
    found = frames(KINDS[kind](films, STYLE._replace(dark=dark), None))
    assert found[0].shape == (44 * 3, 68 * 3, 3)
    for at, frame in enumerate(found):
        for column, row in enumerate(films):
            seen = picture(frame, (32 * column + 4) * 3, 12 * 3, 3)
            assert np.abs(seen - row.pictures[at]).max() <= 1


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_there_and_back_shows_no_end_twice(kind: str) -> None:
    content = KINDS[kind](rows(4), STYLE._replace(bounce=True), None)
    found = frames(content)
    assert len(found) == 6 and sum(durations(content)) == 600  # ms
    for there, back in ((1, 5), (2, 4)):
        assert np.array_equal(found[there], found[back])


def test_equal_pictures_are_still_frames_of_their_own() -> None:
    still = Row("Still", "#1a76bd", np.zeros((8, 28, 28), np.uint8))
    assert opened(animation.gif([still], STYLE)).n_frames == 8


def test_many_rows_go_on_in_the_next_line() -> None:
    labels = tuple(f"Model {i}" for i in range(8))
    films = rows(2, labels)
    found = frames(animation.gif(films, STYLE))
    assert found[0].shape == (84 * 3, (32 * 6 + 4) * 3, 3)
    last = picture(found[1], (32 + 4) * 3, (40 + 12) * 3, 3)
    assert np.abs(last - films[7].pictures[1]).max() <= 1


def test_a_strip_has_every_picture_side_by_side() -> None:
    films = rows()
    image = opened(animation.strip(films, STYLE))
    assert image.format == "PNG" and getattr(image, "n_frames", 1) == 1
    (sheet,) = frames(animation.strip(films, STYLE))
    for line, row in enumerate(films):
        for at in range(5):
            seen = picture(sheet, (34 + 28 * at) * 3, (4 + 32 * line) * 3, 3)
            assert np.abs(seen - row.pictures[at]).max() <= 1


def test_a_long_strip_is_broken_into_lines() -> None:
    (row,) = rows(6, ("Tour",))
    (sheet,) = frames(animation.strip([row], STYLE, per_line=2))
    assert sheet.shape == ((28 * 3 + 8) * 3, (34 + 28 * 2 + 4) * 3, 3)
    seen = picture(sheet, (34 + 28) * 3, (4 + 28 * 2) * 3, 3)
    assert np.abs(seen - row.pictures[5]).max() <= 1


def test_labels_are_drawn_and_long_ones_stay_in_their_place() -> None:
    blank = np.zeros((1, 28, 28), np.uint8)
    long = "A model with a name that is longer than any picture is wide"
    (short,) = frames(
        animation.gif([Row("A", "#1a76bd", blank), Row("", "#1a76bd", blank)], STYLE)
    )
    (full,) = frames(
        animation.gif([Row(long, "#1a76bd", blank), Row("", "#1a76bd", blank)], STYLE)
    )
    label, paper = slice(5 * 3, 11 * 3), short[0, 0]
    assert (short[label, 4 * 3 : 12 * 3] != paper).any()
    assert (full[label, 4 * 3 : 32 * 3] != paper).any()
    assert (full[label, 33 * 3 :] == paper).all()  # nothing beside it


def test_the_colour_of_a_model_is_its_rule() -> None:
    (frame,) = frames(
        animation.webp([Row("A", "#d55e00", np.zeros((1, 28, 28), np.uint8))], STYLE)
    )
    assert tuple(frame[4 * 3 + 1, 10 * 3]) == (0xD5, 0x5E, 0x00)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_would_be_too_large_is_refused_with_a_sentence(kind: str) -> None:
    films = [Row("Long", "#1a76bd", np.zeros((2000, 28, 28), np.uint8))]
    with pytest.raises(UsageError, match="Choose a smaller size, fewer frames"):
        KINDS[kind](films, STYLE._replace(scale=8), None)
