"""Pictures from anywhere, and the ink on them."""

import io
import warnings
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from ..errors import UsageError
from .formats import FORMATS, OTHERS, unreadable

MAX_BYTES = 16_000_000
MAX_PIXELS = 70_000_000  # of what is read in part, as JPEG files can be
MAX_WHOLE = 40_000_000  # of any other
KEPT = 16_000_000  # of what stays in memory
COARSE = 512  # larger pictures are reduced to between this and its double before work begins

Picture: TypeAlias = Image.Image | NDArray[np.uint8]
Bytes: TypeAlias = NDArray[np.uint8]


def open_picture(data: bytes, side: int | None = None) -> Image.Image:
    """The picture in a stranger's file, upright and in memory; the first frame if it moves.

    Arguments:
        side: as many pixels a side will do, so that a large photograph is read in less time; it
            still has at least so many, unless the file has fewer.

    Raises:
        UsageError: if it is no picture, is damaged, or is too large. Size is judged by the
            file's header, before anything is unpacked.
    """
    with warnings.catch_warnings():
        # Pillow warns of large pictures and odd metadata. The first are refused here, and
        # nothing but the orientation is read of the second.
        warnings.simplefilter("ignore")
        return _loaded(_opened(data), side)


def pixels_in(data: bytes) -> int:
    """The number of pixels that a stranger's file says it has. Nothing is unpacked.

    Raises:
        UsageError: if it is no picture.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        width, height = _opened(data).size
    return width * height


def to_grey(picture: Image.Image) -> Image.Image:
    """The same picture in 256 greys, as it looks on white paper where it is transparent.

    Raises:
        UsageError: if its colours are of a kind that cannot be read.
    """
    picture = _in_eight_bits(picture)
    if not picture.has_transparency_data:
        return _converted(picture, "L")
    seen = _converted(picture, "RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(paper, seen).convert("L")


def _opened(data: bytes) -> Image.Image:
    known = f"{', '.join(FORMATS[:-1])} and {FORMATS[-1]} files work"
    if not data:
        raise UsageError(f"The file is empty: it has 0 bytes. {known}.")
    if len(data) > MAX_BYTES:
        raise UsageError(
            f"The file has {len(data) / 1e6:.1f} MB. Up to {MAX_BYTES / 1e6:.0f} MB work."
        )
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS + OTHERS)
    except Image.DecompressionBombError:
        raise _too_large(f"more than {2 * (Image.MAX_IMAGE_PIXELS or 0):,} pixels") from None
    except UnidentifiedImageError:
        raise UsageError(unreadable(data)) from None
    except Exception as error:  # damaged headers fail in a dozen ways
        raise _damaged() from error


def ink_in(drawing: NDArray[np.uint8]) -> Bytes:
    """The ink of a drawing, [h, w], coarser if it is large.

    Raises:
        UsageError: if it has no pixels, too many, or is no array of them.
    """
    if drawing.ndim != 2 or drawing.dtype != np.uint8:
        raise UsageError(
            "A drawing must be an array of uint8 with 2 axes, [h, w]; "
            f"got {drawing.dtype} with {drawing.ndim}."
        )
    _check_size(*drawing.shape[::-1])
    return np.asarray(_coarse(Image.fromarray(drawing)))


def layers_of(picture: Image.Image) -> Bytes:
    """A picture's colours times its alpha, and its alpha, [h, w, 4]; coarser if it is large.

    Raises:
        UsageError: if it has no pixels, too many, or cannot be read to its end.
    """
    picture = _in_eight_bits(_loaded(picture))
    if picture.has_transparency_data:
        return np.asarray(_coarse(_converted(picture, "RGBA").convert("RGBa")))
    return np.asarray(_coarse(_converted(picture, "RGB")).convert("RGBA"))


def _loaded(picture: Image.Image, side: int | None = None) -> Image.Image:
    whole = picture.size
    _check_size(*whole, MAX_PIXELS if picture.format in ("JPEG", "MPO") else MAX_WHOLE)
    try:
        if side is not None or whole[0] * whole[1] > KEPT:
            # JPEG can be read at a half, a quarter, an eighth.
            picture.draft(None, (side, side) if side else (whole[0] // 2, whole[1] // 2))
        picture.load()
        if picture.width * picture.height > KEPT and picture.mode not in ("1", "P"):
            picture = picture.reduce(2)
    except Exception as error:  # damaged files fail in a dozen ways
        raise _damaged() from error
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 - odd metadata fails in many ways, and is no reason to refuse
        return picture


def _damaged() -> UsageError:
    return UsageError(
        "The picture is damaged: it could not be read to its end. Save or upload it again."
    )


def _too_large(found: str, most: int = MAX_WHOLE) -> UsageError:
    return UsageError(
        f"The picture is too large: it has {found}. Up to {most / 1e6:.0f} million in all work."
    )


def _check_size(width: int, height: int, most: int = MAX_WHOLE) -> None:
    if width < 1 or height < 1:
        raise UsageError(f"The picture has no pixels: it is {width}x{height}. 1x1 and up work.")
    if width * height > most:
        raise _too_large(f"{width:,}x{height:,} pixels", most)


def _coarse(picture: Image.Image) -> Image.Image:
    return picture.reduce(max(1, max(picture.size) // COARSE))


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode[0] not in "IF":  # 16 and 32 bits, which Pillow would clip to 8
        return picture
    return Image.fromarray(_eight_bits(np.asarray(picture, np.float64), picture.mode))


def _converted(picture: Image.Image, mode: str) -> Image.Image:
    try:
        return picture.convert(mode)
    except ValueError:
        raise UsageError(
            f"Pictures of mode {picture.mode} cannot be read. Convert it to RGB."
        ) from None


def _eight_bits(values: NDArray[np.float64], mode: str) -> NDArray[np.uint8]:
    values = np.nan_to_num(values, posinf=0.0).clip(min=0)
    peak = float(values.max())
    # Cameras and scanners put 10, 12 or 14 bits into 16.
    scales = (1023.0, 4095.0, 16383.0, 65535.0)
    if not mode.startswith("I;16"):
        scales = (1.0, 255.0, 65535.0, peak)
    white = next(scale for scale in scales if peak <= scale)
    return np.rint(values * (255 / white)).astype(np.uint8)
