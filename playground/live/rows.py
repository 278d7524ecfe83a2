"""What requests and replies of several routes have in common: digits in, rows of pictures out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UsageError

from ..inference.request import STOPS
from ..store import Store
from ..wire import LONGEST_HEADER, pack

if TYPE_CHECKING:
    from torch.nn import Sequential

    from ..inference.interpolation import Pictures

SIDE = 28  # pixels along a digit
LARGEST_DIGITS = 4 + LONGEST_HEADER + STOPS * SIDE**2  # bytes of a message with digits in it


def parse_digits(body: bytes, counts: tuple[int, int]) -> NDArray[np.uint8]:
    """The digits in the body of a request, [n, h, w]; at least and at most as many as `counts`."""
    low, high = counts
    number, rest = divmod(len(body), SIDE**2)
    if rest or not low <= number <= high:
        wanted = f"{low} to {high}" if low < high else f"{low}"
        raise UsageError(
            f"The body should be {wanted} digits of {SIDE**2} bytes each; got {len(body)} bytes."
        )
    return np.frombuffer(body, np.uint8).reshape(number, SIDE, SIDE)


def pack_rows(
    about: dict[str, Any], rows: Sequence["Pictures"], store: Store, judged: bool
) -> bytes:
    """One message: what is known `about` the rows, all their pictures, then all verdicts.

    The header says which `rows` there are and how many pictures, `count`, each of them has. The
    body is the pictures of each row; then, if they are `judged`, the classes of each row's
    pictures, a byte each, and how likely they are, as float32. Where there is no digit classifier, nothing is judged, and the header says so.
    """
    classifier = store.classifier() if judged else None
    parts = [row.pictures.tobytes() for row in rows]
    if classifier is not None:
        for row in rows:
            parts.append(pack_verdicts(classifier, row.pictures))
    names = [row.name for row in rows]
    count = len(rows[0].pictures) if rows else 0
    header = {
        "side": SIDE,
        "rows": names,
        "count": count,
        "judged": classifier is not None,
        **about,
    }
    return pack(header, b"".join(parts))


def pack_verdicts(classifier: "Sequential", pictures: NDArray[np.uint8]) -> bytes:
    """What the digit classifier takes pictures for: a byte each, then each chance as float32."""
    from ..inference.interpolation import verdicts

    seen = verdicts(classifier, pictures.reshape(-1, SIDE, SIDE))
    return seen.classes.tobytes() + seen.probabilities.astype("<f4").tobytes()
