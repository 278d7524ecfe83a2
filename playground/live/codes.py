"""From digits to codes and from codes to pictures, exactly; and the codes that are known."""

from typing import TYPE_CHECKING, Any

import numpy as np

from vae_core.errors import UsageError, check_range

from ..store import Store
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import Answer
from .examples import examples
from .rows import pack_verdicts, parse_switch

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.evaluation.atlas import Atlas

MOST_DIGITS = 16  # in one request
MOST_CODES = 64
LARGEST_NUMBER = 1e6  # of a code: far beyond any that an encoder puts out
LONGEST_CODES = 4 + LONGEST_HEADER + MOST_CODES * 512 * 4  # bytes; no code has more numbers
LONGEST_DIGITS = 4 + LONGEST_HEADER + MOST_DIGITS * 28 * 28


def decode(message: bytes, store: Store) -> bytes:
    """What a model draws from each of `count` codes, to the grey level.

    The body of the request is the codes as float32, that of the reply the pictures; then, if they
    are `judged`, which is up to the request, their classes and chances as in `rows.pack_rows`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from vae_core.models.inference import decode_to_bytes

    header, body = unpack(message)
    name = model_name(header, store)
    model = store.get(name).model
    count = whole_number(header, "count", 1, MOST_CODES)
    judge = store.judge() if parse_switch({"judged": False, **header}, "judged") else None
    drawn = decode_to_bytes(model, read_codes(body, count, model.latent_dim)).numpy()
    about = {"count": count, "side": drawn.shape[-1], "judged": judge is not None}
    return pack(about, drawn.tobytes() + (pack_verdicts(judge, drawn) if judge else b""))


def encode(message: bytes, store: Store) -> bytes:
    """The codes of `count` digits by a model.

    The body of the request is the digits, 28x28 bytes each. That of the reply is their codes as
    float32 and, where a code is a cloud, the standard deviations of its numbers.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    header, body = unpack(message)
    name = model_name(header, store)
    count = whole_number(header, "count", 1, MOST_DIGITS)
    codes, spreads = _encoded(store, name, body, count)
    parts = [codes] if spreads is None else [codes, spreads]
    about = {"count": count, "code": codes.shape[1], "cloud": spreads is not None}
    return pack(about, b"".join(part.numpy().astype("<f4").tobytes() for part in parts))


def model_name(header: dict[str, Any], store: Store) -> str:
    """The one model that a request names, a known one."""
    name = header.get("model")
    store.check(name)
    return str(name)


def whole_number(header: dict[str, Any], key: str, low: int, high: int) -> int:
    """The whole number from `low` to `high` that a request gives under `key`."""
    value: Any = header.get(key)
    check_range(key, value, low, high, whole=True)
    return value


def read_codes(body: bytes, count: int, size: int) -> "Tensor":
    """The codes in the body of a request, [count, size]: finite and not absurdly large."""
    import torch

    if len(body) != 4 * count * size:
        raise UsageError(
            f"{count} codes of {size} numbers are {4 * count * size} bytes; got {len(body)}."
        )
    numbers = np.frombuffer(body, "<f4").reshape(count, size)
    if not (np.abs(numbers) <= LARGEST_NUMBER).all():  # NaN is not smaller than anything
        raise UsageError(f"The numbers of a code must lie within ±{LARGEST_NUMBER:g}.")
    return torch.from_numpy(numbers.astype(np.float32))


def atlas_of(store: Store, name: str) -> "Atlas | None":
    """The atlas of a model; None where there is none, and no test images to make one from."""
    try:
        return store.atlas(name)
    except UsageError:
        return None


def known_codes(store: Store, name: str) -> "Tensor":
    """The codes of as many digits as are at hand, [n, z]: the atlas, or else the examples."""
    import torch

    atlas = atlas_of(store, name)
    if atlas is not None:
        return torch.from_numpy(np.asarray(atlas.codes, np.float32))
    header, pictures = unpack(examples(b"", store))
    return _encoded(store, name, pictures, len(header["labels"]))[0]


def _encoded(store: Store, name: str, body: bytes, count: int) -> "tuple[Tensor, Tensor | None]":
    """Codes and, of a cloud, standard deviations: [count, z] each."""
    import torch

    from vae_core.models import GaussianLatents
    from vae_core.types import to_floats

    model = store.get(name).model
    channels, height, width = model.image_shape
    if len(body) != count * channels * height * width:
        raise UsageError(
            f"{count} digits of {width}x{height} pixels are {count * channels * height * width} "
            f"bytes; got {len(body)}."
        )
    digits = np.frombuffer(body, np.uint8).reshape(count, channels, height, width)
    with torch.inference_mode():
        images = to_floats(torch.from_numpy(digits.copy()))
        if not isinstance(model, GaussianLatents):
            return model.encode(images), None
        posterior = model.posterior(images)
        return posterior.mean, posterior.std


ANSWERS: tuple[Answer, ...] = (
    Answer("decode", decode, LONGEST_CODES),
    Answer("encode", encode, LONGEST_DIGITS),
)
