"""Digits drawn from nothing, by every chosen model."""

from typing import TYPE_CHECKING, Any, NamedTuple

from vae_core.errors import UsageError

from ..query import LARGEST_SEED, parse_models
from ..store import Store
from ..wire import LONGEST_HEADER, unpack
from .answer import Answer
from .rows import check_size, pack_rows, parse_number, parse_switch, refuse_body

if TYPE_CHECKING:
    from ..inference.interpolation import Pictures

MOST_SAMPLES = 100  # of one model
HOTTEST = 3.0
UNKNOWN = (
    "The codes of this model are not known here, so no Gaussian can be fitted to them. "
    "`python -m vae_core embed` writes them down."
)
SCALE = 4  # pixels of the file along one of a sample


class Drawn(NamedTuple):
    """What the chosen models drew, and why some of them could not."""

    rows: list["Pictures"]
    prior: list[bool]  # whether a row's codes come from its model's prior
    failed: dict[str, str]


def sample(message: bytes, store: Store) -> bytes:
    """Samples of every chosen model, as one message.

    The header of a request has `models`, `count`, `temperature`, `seed` and `judged`; there is no
    body. The reply is that of `rows.pack_rows`; `prior` in its header says of each row whether
    its codes come from the model's prior rather than from a Gaussian fitted to its codes, and
    `failed` which models had to be left out, and why.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    header, body = unpack(message)
    refuse_body(body)
    judged = parse_switch(header, "judged")
    drawn = _draw(header, store)
    about = {"prior": drawn.prior, "failed": drawn.failed}
    return pack_rows(about, drawn.rows, store, judged)


def sheet(message: bytes, store: Store) -> bytes:
    """The same samples as a PNG, one block a model, labelled.

    The header also has `across`, how many samples stand side by side, and `dark`, the theme.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    header, body = unpack(message)
    refuse_body(body)
    dark = parse_switch(header, "dark")
    across = parse_number(header, "across", 1, MOST_SAMPLES, whole=True)
    drawn = _draw(header, store)
    if not drawn.rows:
        raise UsageError("There is nothing to write. Choose a model first.")
    from ..animation import Row, Style, strip

    looks = [store.look(row.name) for row in drawn.rows]
    rows = [
        Row(look.label, look.colour, row.pictures)
        for look, row in zip(looks, drawn.rows, strict=True)
    ]
    return strip(
        rows, Style(SCALE, rate=1, bounce=False, dark=dark), min(across, len(rows[0].pictures))
    )


def _draw(header: dict[str, Any], store: Store) -> Drawn:
    models = parse_models(header.get("models"), store)
    count = parse_number(header, "count", 1, MOST_SAMPLES, whole=True)
    temperature = parse_number(header, "temperature", 0, HOTTEST)
    seed = parse_number(header, "seed", 0, LARGEST_SEED, whole=True)
    check_size(len(models) * count)
    from ..inference.interpolation import has_prior, samples

    drawn = Drawn([], [], {})
    for name in models:
        try:
            drawn.rows.append(samples(store, name, count, temperature, seed))
            drawn.prior.append(has_prior(store, name))
        except UsageError:  # its words are for those who run the page
            drawn.failed[name] = UNKNOWN
    return drawn


ANSWERS: tuple[Answer, ...] = (
    Answer("sample", sample, 4 + LONGEST_HEADER),
    Answer("sample-sheet", sheet, 4 + LONGEST_HEADER, slow=True),
)
