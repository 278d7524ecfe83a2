"""t-SNE while it runs: a reply that goes on until the map is finished or nobody listens."""

import asyncio
import logging
import struct
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UsageError, check_range

from ..inference.embedding import measured, quantised
from ..query import LARGEST_SEED
from ..store import Store
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import Answer
from .atlas import check_atlases

if TYPE_CHECKING:
    from vae_core.latent.embedding import Frame, TsneSettings

RUNS = 2  # at once, all visitors together
WAITING = 8  # more, each until one of the runs is done
AGAIN = 0.5  # seconds until who waits looks again
EVERY = 25  # iterations between two frames

POINTS = (100, 5000)
ITERATIONS = (50, 2000)
EARLY = (0, 500)

_log = logging.getLogger(__name__)
_turns = BoundedSemaphore(RUNS)
_seats = BoundedSemaphore(RUNS + WAITING)
# openTSNE holds no lock while it computes, so other replies do not wait for these threads.
_workers = ThreadPoolExecutor(2 * RUNS, thread_name_prefix="tsne")


class Run(NamedTuple):
    """A checked request: whose codes, how many of them, and how."""

    atlases: list[str]
    points: int
    settings: "TsneSettings"


class Course(NamedTuple):
    """One of the maps that a run works on."""

    name: str
    codes: NDArray[np.float32]
    labels: NDArray[np.uint8]
    frames: "Iterator[Frame]"


def tsne(message: bytes, store: Store) -> AsyncGenerator[bytes, None]:
    """The frames of one or two maps, side by side, each as its length and a message.

    The header of a request has `atlases`, the number of `points` and the settings of t-SNE. The
    header of a frame has `atlas`, `iteration`, `of`, `kl` and what `quantised` says; its body is
    the places. The last frame of each map has `done` and the map's numbers as well, and after the
    places the class of most neighbours of each. A message may also have `waiting` alone, while
    all turns are taken, or end the stream with an `error`.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    run = parse(message, store)
    return _framed(_with_errors(_in_turn(run, store)))


def parse(message: bytes, store: Store) -> Run:
    """A stranger's request for a run, checked.

    Raises:
        UsageError: if it cannot be answered.
    """
    from vae_core.latent.embedding import TsneSettings

    header, _ = unpack(message)
    names = check_atlases(header.get("atlases"), store)
    count: Any = header.get("points")
    check_range("points", count, *POINTS, whole=True)
    check_range("iterations", header.get("iterations"), *ITERATIONS, whole=True)
    check_range("early_iterations", header.get("early_iterations"), *EARLY, whole=True)
    check_range("seed", header.get("seed"), 0, LARGEST_SEED, whole=True)
    perplexity: Any = header.get("perplexity")
    exaggeration: Any = header.get("exaggeration")
    check_range("perplexity", perplexity, 2, 100)
    check_range("exaggeration", exaggeration, 1, 32)
    if 3 * perplexity >= count:
        raise UsageError(
            f"A perplexity of {perplexity:g} needs more than {3 * perplexity:g} digits; "
            f"got {count}. Lower the perplexity, or take more digits."
        )
    settings = TsneSettings(
        perplexity=perplexity,
        iterations=header["iterations"],
        exaggeration=exaggeration,
        early_iterations=header["early_iterations"],
        seed=header["seed"],
        dims=header.get("dims", 2),
    )
    for name in names:
        check_range("points", count, POINTS[0], len(store.atlas(name).codes), whole=True)
    return Run(names, count, settings)


async def last_frame(message: bytes, store: Store) -> tuple[dict[str, Any], bytes]:
    """The finished map of a request for one map: header and body of its last frame.

    Raises:
        UsageError: if anything in the message is not as it should be, or too many runs go on.
    """
    run = await asyncio.to_thread(parse, message, store)  # which may have to make an atlas first
    last = b""
    async with aclosing(_in_turn(run, store)) as messages:
        async for each in messages:
            last = each
    return unpack(last, longest=len(last))


async def _in_turn(run: Run, store: Store) -> AsyncGenerator[bytes, None]:
    if not _seats.acquire(blocking=False):
        raise UsageError("Too many visitors run t-SNE at the moment. Try again in a minute.")
    try:
        while not _turns.acquire(blocking=False):
            yield pack({"waiting": True})
            await asyncio.sleep(AGAIN)
        try:
            async with aclosing(_frames(run, store)) as frames:
                async for frame in frames:
                    yield frame
        finally:
            _turns.release()
    finally:
        _seats.release()


async def _frames(run: Run, store: Store) -> AsyncGenerator[bytes, None]:
    courses = [_begin(name, run, store) for name in run.atlases]
    going = asyncio.get_running_loop()
    of = run.settings.early_iterations + run.settings.iterations
    for _ in range(0, of + EVERY, EVERY):  # the first frame, then one after every few steps
        steps = [going.run_in_executor(_workers, _step, each, of) for each in courses]
        for message in await asyncio.gather(*steps):
            yield message


def _begin(name: str, run: Run, store: Store) -> Course:
    from vae_core.latent.embedding import tsne as maps

    found = store.atlas(name)
    codes = found.codes[: run.points].astype(np.float32)
    frames = maps(codes, run.settings, EVERY)
    return Course(name, codes, found.labels[: run.points], frames)


def _step(course: Course, of: int) -> bytes:
    frame = next(course.frames)
    about, body = quantised(frame.points)
    header: dict[str, Any] = {
        "atlas": course.name,
        "iteration": frame.iteration,
        "of": of,
        "kl": frame.kl,
        "done": frame.done,
        **about,
    }
    if frame.done:
        finished = measured(course.codes, frame.points, course.labels)
        header.update(finished.numbers)
        body += finished.majority.tobytes()
    return pack(header, body)


async def _with_errors(messages: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The messages, and what goes wrong on the way as a last one in words."""
    try:
        async with aclosing(messages):  # who stops listening gives the turn back at once
            async for message in messages:
                yield message
    except UsageError as error:
        yield pack({"error": str(error)})
    except Exception:  # noqa: BLE001 - the reply has begun: no other way to tell the visitor
        _log.exception("a run of t-SNE failed")
        yield pack({"error": "The run stopped because of a fault in the program. Try again."})


async def _framed(messages: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(messages):
        async for message in messages:
            yield struct.pack("<I", len(message)) + message


ANSWER = Answer("tsne", tsne, 4 + LONGEST_HEADER, slow=True)
