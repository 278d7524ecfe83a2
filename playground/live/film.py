"""Films as files: GIF, looping WebP, and PNG strip."""

from ..animation import KINDS
from ..inference.request import STOPS, FilmRequest
from ..request import read
from ..store import Store
from ..wire import unpack
from .answer import Answer
from .rows import LARGEST_DIGITS, parse_digits


def film(message: bytes, store: Store) -> bytes:
    """The content of a file with the films of a walk in it, all rows together and labelled.

    The request is that of `walk.walk`, with the other fields of `FilmRequest` in its header.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.interpolation import films, labelled

    header, body = unpack(message)
    asked = read(FilmRequest, header, store)
    digits = parse_digits(body, (2, STOPS))
    models = [store.get(name) for name in asked.models]
    found = {row.name: row for row in films(digits, asked.walk(len(digits)), models)}
    rows = labelled(store, [found[name] for name in asked.rows])
    return KINDS[asked.kind](rows, asked.style(), asked.per_line)


ANSWER = Answer("film", film, LARGEST_DIGITS, slow=True)
