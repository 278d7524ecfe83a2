"""Films as files: GIF, looping WebP, and PNG strip."""

from typing import Any

from vae_core.errors import UsageError, check_name

from ..store import Store
from ..wire import unpack
from .answer import Answer
from .rows import LARGEST_DIGITS, parse_number, parse_switch, parse_walk

PER_SECOND = (1, 30)  # frames
SCALES = (1, 8)


def film(message: bytes, store: Store) -> bytes:
    """The content of a file with the films of a walk in it, all rows together and labelled.

    The request is that of `walk.walk`, and its header also has `kind`, a name in `film.KINDS`;
    `rows`, which of the rows to show, in this order, "pixels" being the cross-fade; `bounce`,
    whether the film runs back before it starts again; `rate` in frames per second; `scale`, the
    pixels of the file along one of the picture; and `dark`, the theme.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    header, body = unpack(message)
    asked = parse_walk(header, body, store)
    from ..animation import KINDS, Row, Style
    from ..inference.interpolation import PIXELS, films

    check_name("kind of file", header.get("kind"), KINDS)
    style = Style(
        scale=parse_number(header, "scale", *SCALES, whole=True),
        rate=parse_number(header, "rate", *PER_SECOND),
        bounce=parse_switch(header, "bounce"),
        dark=parse_switch(header, "dark"),
    )
    wanted = _parse_rows(header.get("rows"), [PIXELS, *asked.models])
    found = films(asked.digits, asked.walk, [store.get(name) for name in asked.models])
    pictures = {row.name: row.pictures for row in found}
    rows = [Row(*_words(name, store), pictures[name]) for name in wanted]
    per_line = asked.walk.frames if asked.walk.tour else None
    return KINDS[header["kind"]](rows, style, per_line)


def _parse_rows(names: Any, known: list[str]) -> list[str]:
    if not isinstance(names, list) or not 1 <= len(names) <= len(known):
        raise UsageError("rows must be a list of at least one row of the film, each of them once.")
    for name in names:
        check_name("row", name, known)
    if len(set(names)) < len(names):
        raise UsageError("rows must be a list of at least one row of the film, each of them once.")
    return names


def _words(name: str, store: Store) -> tuple[str, str]:
    from ..inference.interpolation import PIXELS

    if name == PIXELS:
        return "Cross-fade", "#6f7882"
    look = store.look(name)
    return look.label, look.colour


ANSWER = Answer("film", film, LARGEST_DIGITS, slow=True)
