"""The single numbers of a code: what each does to a picture."""

from ..animation import sprite
from ..inference.request import TraverseRequest
from ..request import read
from ..store import Store
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import Answer
from .codes import read_codes

LONGEST_CODE = 4 + LONGEST_HEADER + 512 * 4


def traverse(message: bytes, store: Store) -> bytes:
    """A code with some of its numbers moved, one by one, through their whole ranges.

    The request names the `model`, the `latents` and how many `frames` each shall have; its body
    is the code as float32. The reply is one WebP with a row a latent.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference import latents

    header, body = unpack(message)
    asked = read(TraverseRequest, header, store)
    (code,) = read_codes(body, 1, store.get(asked.model).model.latent_dim)
    tiles = latents.traverse(store, asked.model, code, asked.latents, asked.frames)
    about = {"side": tiles.shape[-1], "frames": asked.frames, "latents": asked.latents}
    return pack(about, sprite(tiles))


ANSWERS: tuple[Answer, ...] = (Answer("traverse", traverse, LONGEST_CODE),)
