import io
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from vae_core.data.drawings import digit as drawing
from vae_core.data.drawings.digit import open_picture, to_digit
from vae_core.data.strokes import Strokes, draw, example_digits
from vae_core.errors import UsageError

MNIST_MEAN_INK = 0.1325  # of full white, over the 10,000 test images
EXAMPLES = {example.name: example.strokes for example in example_digits()}
ONE_PER_CLASS = list({example.label: example.name for example in example_digits()}.values())
FIVE = draw(EXAMPLES["5 in one"])
FIVE_DIGIT = to_digit(FIVE)

Digit = NDArray[np.uint8]


def difference(first: Digit, second: Digit) -> float:
    """Mean absolute difference, as a share of full white."""
    return float(np.abs(first.astype(float) - second.astype(float)).mean() / 255)


def middle(digit: Digit) -> NDArray[np.float64]:
    """Where its mass is balanced: row and column, counting pixels from 0."""
    return np.average(np.indices(digit.shape).reshape(2, -1), axis=1, weights=digit.ravel())


def placed(strokes: Strokes, size: float, x: float, y: float) -> Strokes:
    """The drawing with its longer side `size`, its box centred on (x, y)."""
    points = np.concatenate([np.array(stroke) for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = size / (high - low).max()
    moved = [(np.array(stroke) - (low + high) / 2) * scale + (x, y) for stroke in strokes]
    return [[(float(a), float(b)) for a, b in stroke] for stroke in moved]


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


# The promise: size, place and pen hardly matter.


def drawings(strokes: Strokes) -> Iterator[NDArray[np.uint8]]:
    """4 sizes x 3 pens, each across the canvas: every size and every pen is at each of 9 places."""
    for turn, size in enumerate((0.30, 0.45, 0.60, 0.75)):
        for row, pen in enumerate((14 / 280, 20 / 280, 26 / 280)):
            reach = 0.49 - size / 2 - pen / 2
            places = (0.5 - reach, 0.501, 0.5 + reach)
            for column, x in enumerate(places):
                y = places[(row + column + turn) % 3]
                yield draw(placed(strokes, size, x, y), pen=pen)


@pytest.mark.parametrize("name", ONE_PER_CLASS)
def test_size_place_and_pen_hardly_matter(name: str) -> None:
    usual = to_digit(draw(placed(EXAMPLES[name], 0.6, 0.5, 0.5)))
    digits = [to_digit(drawing) for drawing in drawings(EXAMPLES[name])]
    assert len(digits) == 4 * 3 * 3
    differences = [difference(digit, usual) for digit in digits]
    assert max(differences) < 0.03
    assert np.mean(differences) < 0.01
    assert max(np.abs(middle(digit) - middle(usual)).max() for digit in digits) < 0.05


def test_a_digit_fills_a_box_of_20_pixels_balanced_in_the_middle() -> None:
    for name, strokes in EXAMPLES.items():
        digit = to_digit(draw(strokes))
        assert digit.shape == (28, 28) and digit.dtype == np.uint8
        inked = digit > 127
        assert max(inked.any(axis=0).sum(), inked.any(axis=1).sum()) in (19, 20, 21), name
        assert middle(digit) == pytest.approx([14, 14], abs=0.1), name
        assert digit.max() == 255


def test_examples_have_the_mean_ink_of_mnist() -> None:
    ink = np.mean([to_digit(draw(strokes)) for strokes in EXAMPLES.values()]) / 255
    assert ink == pytest.approx(MNIST_MEAN_INK, rel=0.05)


def test_a_finished_digit_stays_as_it_is() -> None:
    for name, strokes in EXAMPLES.items():
        digit = to_digit(draw(strokes))
        assert difference(to_digit(digit), digit) < 0.02, name


@pytest.mark.parametrize("pen", [1, 2, 5, 40])
def test_hair_lines_and_brushes_give_the_same_digit(pen: float) -> None:
    assert difference(to_digit(draw(EXAMPLES["5 in one"], pen=pen / 280)), FIVE_DIGIT) < 0.03


def test_thin_parts_of_a_thick_drawing_do_not_break() -> None:
    thick = draw([[(0.3, 0.2), (0.3, 0.8)]], pen=0.15)
    thin = draw([[(0.3, 0.5), (0.7, 0.5)]], pen=0.04)
    row = to_digit(np.maximum(thick, thin)).max(axis=0)
    start = int(np.flatnonzero(row > 200)[0])
    assert (row[start : start + 12] > 150).all()


# Degenerate drawings.


def test_a_dot_and_a_filled_shape_are_as_large_as_a_digit() -> None:
    pixel = np.zeros((280, 280), np.uint8)
    pixel[5, 270] = 255
    for blob in (draw([[(0.3, 0.3)]]), pixel, pixel[5:6, 269:272]):
        digit = to_digit(blob)
        assert 0.3 < digit.mean() / 255 < 0.55
        assert (digit[14] > 127).sum() in (19, 20, 21)


@pytest.mark.parametrize("end", [(0.8, 0.3), (0.2, 0.9), (0.7, 0.8)])
def test_a_straight_line_is_a_stroke_20_pixels_long(end: tuple[float, float]) -> None:
    digit = to_digit(draw([[(0.2, 0.3), end]]))
    inked = digit > 127
    assert max(inked.any(axis=0).sum(), inked.any(axis=1).sum()) in (19, 20, 21)
    assert 40 < inked.sum() < 90


def test_a_filled_shape_is_not_thinned_to_a_stroke() -> None:
    block = np.zeros((280, 280), np.uint8)
    block[50:150, 50:200] = 255
    assert (to_digit(block) > 127).any(axis=1).sum() > 10


def test_no_ink_is_clipped_when_the_mass_lies_at_one_end() -> None:
    bars: Strokes = [[(x, 0.07), (x, 0.93)] for x in (0.05, 0.12, 0.19)]
    digit = to_digit(draw([*bars, [(0.05, 0.5), (0.95, 0.5)]], pen=0.03))
    inked = (digit > 127).any(axis=0)
    assert inked.sum() == 20 and inked[-1]
    assert 12 < middle(digit)[1] < 13.5  # as near to 14 as there is room


def test_specks_do_not_define_the_crop() -> None:
    dirty = FIVE.copy()
    dirty[3, 3] = dirty[275:277, 270] = 255
    assert difference(to_digit(dirty), FIVE_DIGIT) < 0.001


# Every other kind of picture: a stated outcome.

MASK = Image.fromarray(FIVE)


def painted(ink: tuple[int, ...], ground: tuple[int, ...], mode: str = "RGB") -> Image.Image:
    return Image.composite(
        Image.new(mode, MASK.size, ink), Image.new(mode, MASK.size, ground), MASK
    )


def transparent(level: int) -> Image.Image:
    plain = Image.new("L", MASK.size, level)
    return Image.merge("RGBA", [plain, plain, plain, MASK])


TWO_COLOURS = FIVE[..., None].repeat(3, axis=-1)
TWO_COLOURS[:, :140, :2] = 0  # blue to the left, white to the right

SAME_FIVE = {
    "white on black": MASK,
    "black on white": Image.fromarray(255 - FIVE),
    "grey on grey": Image.fromarray((100 + FIVE // 8).astype(np.uint8)),
    "red on blue": painted((200, 30, 20), (20, 30, 120)),
    "yellow on white": painted((255, 255, 0), (255, 255, 255)),
    "blue on black": painted((0, 0, 255), (0, 0, 0)),
    "in two colours": Image.fromarray(TWO_COLOURS),
    "black on transparent": transparent(0),
    "white on transparent": transparent(255),
    "grey on transparent": transparent(90),
    "grey with alpha": Image.merge("LA", [Image.new("L", MASK.size, 0), MASK]),
    "opaque with alpha": painted((0, 0, 0, 255), (255, 255, 255, 255), "RGBA"),
    "CMYK": painted((20, 30, 40), (250, 240, 230)).convert("CMYK"),
    "palette": painted((20, 30, 40), (250, 240, 230)).convert("P"),
    "HSV": painted((20, 30, 40), (250, 240, 230)).convert("HSV"),
    "1 bit": MASK.convert("1"),
    "16 bits": Image.fromarray(FIVE.astype(np.uint16) * 257),
    "16 bits, inverted": Image.fromarray(65535 - FIVE.astype(np.uint16) * 257),
    "32 bits": Image.fromarray(FIVE.astype(np.int32) * 200),
    "floats to 1": Image.fromarray(FIVE.astype(np.float32) / 255),
    "floats to 255": Image.fromarray(FIVE.astype(np.float32)),
    "wide": Image.fromarray(np.pad(FIVE, ((0, 0), (900, 30)))),
    "tall": Image.fromarray(np.pad(255 - FIVE, ((500, 20), (0, 0)), constant_values=255)),
    "large": MASK.resize((2800, 2800)),
    "small": MASK.resize((28, 28), Image.Resampling.BOX),
}


@pytest.mark.parametrize("kind", SAME_FIVE)
def test_every_kind_of_picture_gives_the_same_digit(kind: str) -> None:
    assert difference(to_digit(SAME_FIVE[kind]), FIVE_DIGIT) < 0.02


def test_the_corners_of_a_window_are_not_ink() -> None:
    window = np.array(painted((0, 0, 0, 255), (255, 255, 255, 255), "RGBA"))
    window[:15, :15, 3] = window[-15:, -15:, 3] = 0
    assert difference(to_digit(Image.fromarray(window)), FIVE_DIGIT) < 0.01


def test_a_photograph_of_paper_lit_from_one_side_works() -> None:
    noise = np.random.default_rng(0).normal(0, 5, (900, 900))
    light = np.linspace(120, 230, 900)[None] * np.linspace(0.9, 1, 900)[:, None]
    ink = np.asarray(MASK.resize((900, 900))) / 255
    photo = Image.fromarray((light * (1 - 0.7 * ink) + noise).clip(0, 255).astype(np.uint8))
    shot = open_picture(encoded(photo, "JPEG", quality=40))
    assert difference(to_digit(shot), FIVE_DIGIT) < 0.03


@pytest.mark.parametrize("quality", [5, 50])
def test_jpeg_artefacts_do_not_define_the_crop(quality: int) -> None:
    shot = open_picture(encoded(painted((30, 30, 90), (240, 240, 235)), "JPEG", quality=quality))
    assert difference(to_digit(shot), FIVE_DIGIT) < 0.03


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((280, 280), np.uint8),
        np.full((28, 28), 255, np.uint8),
        np.full((1, 1), 77, np.uint8),
        Image.new("RGB", (50, 70), (12, 200, 7)),
        Image.new("RGBA", (50, 70), (0, 0, 0, 0)),
        Image.new("RGBA", (50, 70), (9, 9, 9, 100)),
        Image.new("I;16", (5, 5), 40_000),
        Image.fromarray(np.full((9, 9), np.nan, np.float32)),
    ],
)
def test_an_empty_picture_is_an_empty_digit(picture: Image.Image | Digit) -> None:
    digit = to_digit(picture)
    assert digit.shape == (28, 28) and digit.dtype == np.uint8 and not digit.any()


def test_the_input_is_left_alone() -> None:
    array, picture = FIVE.copy(), MASK.copy()
    to_digit(array)
    to_digit(picture)
    assert (array == FIVE).all() and (np.asarray(picture) == FIVE).all()


def test_a_way_is_exact_within_its_reach_and_long_beyond() -> None:
    rng = np.random.default_rng(0)
    for share in (0.001, 0.02, 0.3, 0.99):
        for shape in ((1, 1), (1, 40), (40, 1), (31, 50)):
            mask = rng.random(shape) < share
            mask[-1, -1] = True
            exact = ndimage.distance_transform_edt(~mask).astype(np.float32)
            for reach in (-2.0, 0.5, 3.7, 12.0, 60.0):
                way = drawing._way_to(mask, reach)
                near = exact < reach
                assert (way[near] == exact[near]).all() and (way[~near] >= reach).all()


def test_no_byte_of_a_digit_changes_where_no_way_has_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:100, :100]
    pictures = [draw(strokes, size=size) for strokes in EXAMPLES.values() for size in (50, 100)]
    pictures += [draw(EXAMPLES["5 in one"], pen=pen / 280) for pen in (1, 5, 40)]
    pictures += [
        np.uint8(255) * ((x - 50) ** 2 + (y - 40) ** 2 < radius) for radius in (1, 9, 900)
    ]
    pictures += [rng.integers(0, 256, rng.integers(2, 60, 2)).astype(np.uint8) for _ in range(20)]
    digits = [to_digit(picture) for picture in pictures]

    def endless(mask: NDArray[np.bool_], _: float) -> NDArray[np.float32]:
        return ndimage.distance_transform_edt(~mask).astype(np.float32)

    monkeypatch.setattr(drawing, "_way_to", endless)
    for digit, picture in zip(digits, pictures, strict=True):
        assert (digit == to_digit(picture)).all()


def test_random_pictures_of_every_shape_become_digits() -> None:
    rng = np.random.default_rng(0)
    for _ in range(60):
        height, width = rng.integers(1, 60, 2)
        picture = (rng.random((height, width)) < rng.random()) * rng.integers(1, 256)
        assert to_digit(picture.astype(np.uint8)).shape == (28, 28)
        layers = rng.integers(0, 256, (height, width, 4)).astype(np.uint8)
        assert to_digit(Image.fromarray(layers)).shape == (28, 28)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (np.zeros((0, 5), np.uint8), "no pixels: it is 5x0"),
        (np.zeros((5, 5, 3), np.uint8), "2 axes"),
        (np.zeros((5, 5), np.float32), "got float32 with 2"),
        (Image.new("L", (0, 0)), "no pixels: it is 0x0"),
        (Image.new("1", (8000, 5001)), "too large: it has 8,000x5,001 pixels"),
        (Image.new("La", (9, 9)), "mode La"),
    ],
)
def test_pictures_that_cannot_be_used_are_refused(
    picture: Image.Image | Digit, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        to_digit(picture)


# Bytes from strangers.


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_files_of_every_kind_open(kind: str) -> None:
    picture = open_picture(encoded(MASK, kind))
    assert difference(to_digit(picture), FIVE_DIGIT) < 0.02


def test_a_moving_picture_shows_its_first_frame() -> None:
    others = [Image.new("L", MASK.size, 90), Image.new("L", MASK.size, 0)]
    moving = encoded(MASK, "GIF", save_all=True, append_images=others)
    assert difference(to_digit(open_picture(moving)), FIVE_DIGIT) < 0.01


@pytest.mark.parametrize(("orientation", "turn"), [(3, 180), (6, 90), (8, 270)])
def test_a_photograph_is_turned_upright(orientation: int, turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    sideways = encoded(MASK.rotate(turn), "JPEG", exif=exif)
    assert difference(to_digit(open_picture(sideways)), FIVE_DIGIT) < 0.01
    assert difference(to_digit(Image.open(io.BytesIO(sideways))), FIVE_DIGIT) < 0.01


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("side", [7_000, 10_000, 20_000])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    header = bytearray(encoded(Image.new("1", (1, 1))))
    header[16:24] = side.to_bytes(4, "big") * 2
    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")
    with pytest.raises(UsageError, match=r"too large: it has .* pixels\. Up to 40 million"):
        open_picture(bytes(header))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty: it has 0 bytes. PNG, JPEG, GIF, WEBP and BMP files work"),
        (b"hello", "cannot be read as a picture; it has 5 bytes. PNG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "cannot be read as a picture"),
        (bytes(16_000_001), "has 16.0 MB. Up to 16 MB work"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        open_picture(data)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_damaged_files_open_or_are_refused(kind: str) -> None:
    rng = np.random.default_rng(0)
    whole = np.frombuffer(encoded(MASK.resize((40, 40)), kind), np.uint8)
    for _ in range(150):
        data = whole.copy()
        places = rng.integers(0, min(len(data), rng.choice([60, len(data)])), 4)
        data[places] = rng.integers(0, 256, 4)
        data = data[: rng.integers(1, len(data) + 1)] if rng.random() < 0.5 else data
        try:
            to_digit(open_picture(data.tobytes()))
        except UsageError as refusal:
            assert str(refusal).startswith("The ")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP"])
def test_files_cut_short_are_refused(kind: str) -> None:
    whole = encoded(MASK, kind)
    for share in np.linspace(0, 0.9, 30):
        with pytest.raises(UsageError, match=r"damaged|cannot be read as|empty"):
            open_picture(whole[: int(share * len(whole))])


def test_random_bytes_are_refused() -> None:
    rng = np.random.default_rng(0)
    starts = (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"BM", b"RIFF....WEBPVP8 ")
    for number in range(300):
        with pytest.raises(UsageError):
            open_picture(starts[number % len(starts)] + rng.bytes(int(rng.integers(0, 400))))


# MNIST itself, where it is at hand.


@pytest.fixture(scope="module")
def mnist() -> NDArray[np.uint8]:
    folder = Path(os.environ.get("VAE_DATA_DIR", "nowhere"))
    file = folder / "MNIST" / "raw" / "t10k-images-idx3-ubyte"
    if not file.is_file():
        pytest.skip("MNIST is not in $VAE_DATA_DIR.")
    return np.frombuffer(file.read_bytes(), np.uint8, offset=16).reshape(-1, 28, 28)[::20]


def test_mnist_keeps_its_look(mnist: NDArray[np.uint8]) -> None:
    shifted = np.pad(mnist, ((0, 0), (4, 8), (4, 8)))
    digits = np.stack([to_digit(image) for image in shifted])
    assert digits.mean() / 255 == pytest.approx(MNIST_MEAN_INK, rel=0.05)
    assert difference(digits, mnist) < 0.05
