"""The example digits as the models see them."""

from ..inference.examples import examples as drawn
from ..store import Store
from ..wire import pack
from .answer import Answer


def examples(_: bytes, store: Store) -> bytes:
    """The class of each example, and their pictures, 28x28 bytes each."""
    found = drawn()
    about = {"side": found.pictures.shape[1], "labels": found.labels}
    return pack(about, found.pictures.tobytes())


ANSWER = Answer("examples", examples)
