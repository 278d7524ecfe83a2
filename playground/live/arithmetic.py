"""Sums of digits: a - b + c, in pixels and in every chosen model's codes."""

from ..inference.request import RowsRequest
from ..request import read
from ..store import Store
from ..wire import unpack
from .answer import Answer
from .rows import LARGEST_DIGITS, pack_rows, parse_digits


def arithmetic(message: bytes, store: Store) -> bytes:
    """The digits of a request added up, as one message.

    The header of a request has `models` and `judged`; its body is the digits a, b and c, 28x28
    bytes each. The reply is that of `rows.pack_rows`, the pixels' row first: a and b as the row
    draws them, then the way from c to a - b + c; `steps` in its header says how much of a - b is
    in each picture of the way.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.interpolation import STEPS, sums

    header, body = unpack(message)
    asked = read(RowsRequest, header, store)
    digits = parse_digits(body, (3, 3))
    rows = sums(digits, [store.get(name) for name in asked.models])
    return pack_rows({"steps": list(STEPS)}, rows, store, asked.judged)


ANSWER = Answer("arithmetic", arithmetic, LARGEST_DIGITS)
