"""Rows of small grey pictures as a file: an animation, or a strip to print. No page, no torch."""

import io
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from vae_core.errors import UsageError

GREYS = 224  # levels of the pictures; the rest of the 256 colours are for words and rules
LARGEST = 48_000_000  # pixels of all frames together
QUALITY = 78  # of a sprite: its error is about that of blending tiles, under 2 grey levels
ACROSS = 6  # films side by side in an animation
THEMES = {
    False: {"paper": "#fcfcfb", "ink": "#191c20", "rule": "#b9bfc6", "accent": "#1d5fb4"},
    True: {"paper": "#14171a", "ink": "#e8eaec", "rule": "#515961", "accent": "#85b4f2"},
}


class Row(NamedTuple):
    """One film.

    Attributes:
        label: whose it is.
        colour: of its rule, as #rrggbb.
        pictures: [n, h, w], black 0 to white 255.
    """

    label: str
    colour: str
    pictures: NDArray[np.uint8]


class Style(NamedTuple):
    """How a file looks and moves.

    Attributes:
        scale: pixels of the file along one pixel of a picture.
        rate: frames per second.
        bounce: whether the film runs back before it starts again.
        dark: the theme.
    """

    scale: int
    rate: float
    bounce: bool
    dark: bool


class Sheet:
    """A picture with places for smaller ones: words and rules once, then one film frame each."""

    def __init__(self, width: int, height: int, style: Style, colours: Sequence[str]) -> None:
        self.style = style
        self.theme = THEMES[style.dark]
        self.palette = _palette([*self.theme.values(), *colours])
        self.picture = Image.new("RGB", (width, height), self.theme["paper"])
        self.pen = ImageDraw.Draw(self.picture)

    def rule(self, box: tuple[int, int, int, int], colour: str) -> None:
        """A filled rectangle: left, top, right and bottom, the last two outside it."""
        left, top, right, bottom = box
        self.pen.rectangle((left, top, right - 1, bottom - 1), fill=colour)

    def words(self, at: tuple[int, int], words: str, room: int) -> None:
        """Words at a point, made smaller until they fit the room, in pixels."""
        size = 3.5 * self.style.scale
        while size > 6 and ImageFont.load_default(size).getlength(words) > room:
            size *= 0.95
        font = ImageFont.load_default(size)
        while len(words) > 1 and font.getlength(words) > room:
            words = f"{words[:-2]}…"
        self.pen.text(at, words, fill=self.theme["ink"], font=font, anchor="lm")

    def indexed(self) -> NDArray[np.uint8]:
        """The sheet as numbers of the palette's colours, [h, w]."""
        holder = Image.new("P", (1, 1))
        holder.putpalette(self.palette)
        return np.array(self.picture.quantize(palette=holder, dither=Image.Dither.NONE))

    def image(self, indices: NDArray[np.uint8]) -> Image.Image:
        """A frame as a picture."""
        frame = Image.fromarray(indices, mode="P")
        frame.putpalette(self.palette)
        return frame


def gif(rows: Sequence[Row], style: Style, per_line: int | None = None) -> bytes:
    """An animation that runs for ever, all rows side by side, in the format that opens anywhere.

    A GIF counts time in hundredths of a second, so the rate is the nearest that it can hold.
    """
    frames = _frames(rows, style)
    each = 10 * max(2, round(100 / style.rate))  # ms; browsers slow down what is quicker
    return _saved(frames, "GIF", duration=each, loop=0, optimize=False, disposal=1)


def webp(rows: Sequence[Row], style: Style, per_line: int | None = None) -> bytes:
    """The same animation as a WebP: smaller, and without loss."""
    frames = [frame.convert("RGB") for frame in _frames(rows, style)]
    each = round(1000 / style.rate)  # ms
    return _saved(frames, "WEBP", duration=each, loop=0, lossless=True, quality=0, method=0)


def strip(rows: Sequence[Row], style: Style, per_line: int | None = None) -> bytes:
    """All frames side by side as a PNG, one row below the other.

    Arguments:
        per_line: breaks a row after so many frames; None leaves it whole.
    """
    u = style.scale
    count = len(rows[0].pictures)
    across = per_line or count
    lines = -(-count // across)
    left, pitch = 34 * u, (28 * lines + 4) * u
    width, height = left + (28 * across + 4) * u, len(rows) * pitch + 4 * u
    _check_size(width * height)
    sheet = Sheet(width, height, style, [row.colour for row in rows])
    for i, row in enumerate(rows):
        top = 4 * u + i * pitch
        sheet.rule((4 * u, top, left - 2 * u, top + u), row.colour)
        sheet.words((4 * u, top + 4 * u), row.label, left - 6 * u)
    indices = sheet.indexed()
    for i, row in enumerate(rows):
        for frame, picture in enumerate(row.pictures):
            line, column = divmod(frame, across)
            top = 4 * u + i * pitch + 28 * u * line
            _place(indices, picture, left + 28 * u * column, top, u)
    return _saved([sheet.image(indices)], "PNG")


def sprite(tiles: NDArray[np.uint8]) -> bytes:
    """Tiles, [rows, columns, c, h, w], as one WebP; of colours only the first is kept."""
    rows, columns, _, height, width = tiles.shape
    grey = tiles[:, :, 0].swapaxes(1, 2).reshape(rows * height, columns * width)
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "WEBP", quality=QUALITY, method=2)
    return file.getvalue()


Writer = Callable[[Sequence[Row], Style, int | None], bytes]

KINDS: dict[str, Writer] = {"gif": gif, "webp": webp, "png": strip}


def _frames(rows: Sequence[Row], style: Style) -> list[Image.Image]:
    """The animation's frames: a rule, a label and a picture for each row, and how far it is."""
    u = style.scale
    order = _order(len(rows[0].pictures), style.bounce)
    across = min(len(rows), ACROSS)
    lines = -(-len(rows) // across)
    width, height = (32 * across + 4) * u, (40 * lines + 4) * u
    _check_size(width * height * len(order))
    sheet = Sheet(width, height, style, [row.colour for row in rows])
    places = []
    for i, row in enumerate(rows):
        line, column = divmod(i, across)
        left, top = (32 * column + 4) * u, (40 * line + 4) * u
        sheet.rule((left, top, left + 28 * u, top + u), row.colour)
        sheet.words((left, top + 4 * u), row.label, 28 * u)
        places.append((left, top + 8 * u))
    sheet.rule((0, height - u, width, height), sheet.theme["accent"])
    blank = sheet.indexed()
    accent = blank[-1, 0]
    blank[-u:] = blank[0, 0]
    frames = []
    for frame in order:
        indices = blank.copy()
        for row, (left, top) in zip(rows, places, strict=True):
            _place(indices, row.pictures[frame], left, top, u)
        done = (frame + 1) / len(rows[0].pictures)
        indices[-u:, : round(done * width)] = accent  # which also keeps equal frames apart
        frames.append(sheet.image(indices))
    return frames


def _order(count: int, bounce: bool) -> list[int]:
    """The frames as they are shown; on the way back neither end is shown twice."""
    return [*range(count), *(range(count - 2, 0, -1) if bounce else ())]


def _place(
    indices: NDArray[np.uint8], picture: NDArray[np.uint8], left: int, top: int, scale: int
) -> None:
    greys = np.rint(picture * ((GREYS - 1) / 255)).astype(np.uint8)
    large = greys.repeat(scale, axis=0).repeat(scale, axis=1)
    height, width = large.shape
    indices[top : top + height, left : left + width] = large


def _palette(colours: Sequence[str]) -> list[int]:
    """Black to white, then other colours, as Pillow wants them: red, green, blue, red, …"""
    greys = [round(255 * level / (GREYS - 1)) for level in range(GREYS)]
    others = [tuple(bytes.fromhex(colour[1:])) for colour in dict.fromkeys(colours)]
    flat = [channel for grey in greys for channel in (grey,) * 3]
    return (flat + [channel for colour in others for channel in colour])[: 3 * 256]


def _check_size(pixels: int) -> None:
    if pixels > LARGEST:
        raise UsageError(
            f"The file would have {pixels / 1e6:.0f} million pixels, and at most "
            f"{LARGEST / 1e6:.0f} million are written. Choose a smaller size, fewer frames or "
            "fewer rows."
        )


def _saved(frames: Sequence[Image.Image], kind: str, **options: int) -> bytes:
    file = io.BytesIO()
    more = {"save_all": True, "append_images": frames[1:]} if len(frames) > 1 else {}
    frames[0].save(file, kind, **more, **options)
    return file.getvalue()
