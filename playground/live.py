"""The routes that answer while the pen moves: one request in, one compact reply out.

A request carries everything that its reply depends on, so nothing is kept between two of them.
These are routes of their own rather than Gradio events because a reply must be back within a
frame or two. Their callers are strangers: whatever they send, they get an answer in words.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vae_core.errors import UsageError

from .looks import MARKS, look_of
from .query import LARGEST_INK, Query, parse
from .shared import Store
from .wire import LONGEST_HEADER, pack, unpack

if TYPE_CHECKING:
    from .compare import Comparison

LARGEST_UPLOAD = 16 * 2**20  # bytes


def routes(store: Store) -> list[Route]:
    """The live routes, answering from the models of `store`."""
    # Inference uses one thread per request: more workers than cores would only take turns.
    workers = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="live")

    def endpoint(
        work: Callable[[bytes], Response], limit: int
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                body = await _read(request, limit)
                return await asyncio.get_running_loop().run_in_executor(workers, work, body)
            except UsageError as error:
                return JSONResponse({"error": str(error)}, status_code=400)
            except ClientDisconnect:
                return Response(status_code=400)

        return answer

    largest = 4 + LONGEST_HEADER + LARGEST_INK**2
    return [
        Route("/live/about", endpoint(lambda _: JSONResponse(about(store)), 0)),
        Route(
            "/live/reconstruct",
            endpoint(lambda body: _binary(reconstruct(body, store)), largest),
            methods=["POST"],
        ),
        Route(
            "/live/picture",
            endpoint(lambda body: _binary(picture(body)), LARGEST_UPLOAD),
            methods=["POST"],
        ),
    ]


def about(store: Store) -> dict[str, Any]:
    """What the page can offer: the models in order, and the kinds of noise."""
    models = [_facts(store, name) for name in store.names]
    from vae_core.corruption import CORRUPTIONS

    return {
        "models": models,
        "noises": [
            {"name": name, "label": kind.label, "meaning": kind.meaning}
            for name, kind in CORRUPTIONS.items()
        ],
    }


def _facts(store: Store, name: str) -> dict[str, Any]:
    look = look_of(name)
    facts = {
        "name": name,
        "label": look.label,
        "sentence": look.sentence,
        "colour": look.colour,
        "mark": MARKS[look.mark],
        "hollow": look.hollow,
    }
    try:
        checkpoint = store.get(name)
    except UsageError as error:
        return {**facts, "error": str(error)}
    from vae_core.metrics import compression_ratio
    from vae_core.models import GaussianCode

    model = checkpoint.model
    return {
        **facts,
        "code": model.latent_dim,
        "ratio": compression_ratio(model),
        "samples": isinstance(model, GaussianCode),
        "sparse": checkpoint.recipe.model.name == "sparse",
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "command": checkpoint.command,
    }


def reconstruct(message: bytes, store: Store) -> bytes:
    """Every chosen model's view of the drawing in `message`, as one message.

    The body of the reply is: the clean digit, the noisy one, one picture per model; then the
    code of each model and, where it is a cloud, its means and standard deviations, as float32.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    query = parse(*unpack(message), store)
    from .compare import compare

    models = [store.get(name) for name in query.models]
    seen = compare(query.digit, query.noise, models, query.sample_seed)
    return pack(_header(query, seen), _body(query, seen))


def _header(query: Query, seen: "Comparison") -> dict[str, Any]:
    return {
        "side": query.digit.shape[0],
        "noisy": {"mse": seen.mse, "psnr": _finite(seen.psnr_db)},
        "models": [
            {
                "name": name,
                "mse": view.mse,
                "psnr": _finite(view.psnr_db),
                "code": len(view.code),
                "cloud": view.cloud is not None,
                "active": view.active,
                "sampled": view.sampled,
            }
            for name, view in zip(query.models, seen.views, strict=True)
        ],
    }


def _body(query: Query, seen: "Comparison") -> bytes:
    parts = [query.digit, seen.noisy, *(view.picture for view in seen.views)]
    for view in seen.views:
        parts.extend(part.astype("<f4") for part in (view.code, view.cloud) if part is not None)
    return b"".join(part.tobytes() for part in parts)


def _finite(number: float) -> float | None:
    """The number, or None where it is infinite: JSON has no word for that."""
    return number if np.isfinite(number) else None


def picture(file: bytes) -> bytes:
    """The digit in an uploaded picture, as one message.

    Raises:
        UsageError: if the file is not a picture that can be read, or has nothing in it.
    """
    from vae_core.drawing import open_picture, to_digit

    digit = to_digit(open_picture(file))
    if not digit.any():
        raise UsageError("This picture is empty: nothing in it stands out from the background.")
    height, width = digit.shape
    return pack({"width": width, "height": height}, digit.tobytes())


async def _read(request: Request, limit: int) -> bytes:
    """The body of the request, given up on as soon as it is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise UsageError(f"This is too large: at most {_size(limit)} can be read.")
    return bytes(body)


def _size(count: int) -> str:
    return f"{count // 2**20} MB" if count >= 2**20 else f"{count:,} bytes"


def _binary(message: bytes) -> Response:
    return Response(message, media_type="application/octet-stream")
