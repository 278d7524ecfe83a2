"""Films: from digit to digit through every chosen model's codes, beside a plain cross-fade."""

from ..inference.request import STOPS, WalkRequest
from ..request import read
from ..store import Store
from ..wire import unpack
from . import arithmetic, film, sample
from .answer import Answer
from .rows import LARGEST_DIGITS, pack_rows, parse_digits


def walk(message: bytes, store: Store) -> bytes:
    """The film of every row, as one message: the cross-fade, then each chosen model's.

    The header of a request has `models`, `path`, `frames`, `tour` and `judged`; its body is two
    digits, or those of the tour, 28x28 bytes each. The reply is that of `rows.pack_rows`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.interpolation import films

    header, body = unpack(message)
    asked = read(WalkRequest, header, store)
    digits = parse_digits(body, (2, STOPS))
    rows = films(digits, asked.walk(len(digits)), [store.get(name) for name in asked.models])
    return pack_rows({}, rows, store, asked.judged)


ANSWERS: tuple[Answer, ...] = (
    Answer("walk", walk, LARGEST_DIGITS, slow=True),
    *sample.ANSWERS,
    arithmetic.ANSWER,
    film.ANSWER,
)
