"""Visitors of the page, each drawing strokes and now and then looking at something else."""

import asyncio
import random
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter

import httpx
import numpy as np

from playground.styles import DEFAULT_CARDS
from playground.wire import pack
from tests.support.samples import INK

MOVE = 0.2  # seconds between two movements of a pen
STROKE = 2.0  # seconds of drawing, and then as many of rest
GRACE = 10.0  # seconds after the end in which replies still count
PATIENCE = 60.0  # seconds until a reply is an error
TSNE_EVERY = 15.0  # seconds between two runs of t-SNE, all visitors together
NOISE = {"kind": "gaussian", "strength": 0.3, "seed": 1}
SPACE = "vae-2"
TSNE = {
    "atlases": [SPACE],
    "points": 1000,
    "iterations": 250,
    "early_iterations": 100,
    "perplexity": 30,
    "exaggeration": 12,
    "seed": 1,
}
RUN = {"name": "load", "model": "vae", "dataset": "digits", "device": "cpu"}


@dataclass
class Seen:
    """What the visitors saw, by what they asked for."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    busy: int = 0

    @property
    def replies(self) -> int:
        return sum(len(waits) for what, waits in self.seconds.items() if what != "movement")

    def took(self, what: str, seconds: float) -> None:
        self.seconds.setdefault(what, []).append(seconds)


class Line:
    """A connection for the small requests of one stroke.

    They are most of the load, and httpx would take as much of the machine for them as the page.
    """

    def __init__(self, url: httpx.URL) -> None:
        self._url = url
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, *, content: bytes, headers: dict[str, str]) -> httpx.Response:
        """The reply, as from a client of httpx. It must say how long it is."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._url.host, self._url.port)
        reader, writer = self._streams
        fields = {"Host": self._url.host, "Content-Length": str(len(content)), **headers}
        lines = [f"POST /{path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + content)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
            told = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            body = await reader.readexactly(int(told["content-length"]))
        except BaseException:
            self.close()
            raise
        return httpx.Response(int(head[0].split()[1]), headers=told, content=body)

    def close(self) -> None:
        """Hangs up, if anybody was called."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


class Crowd:
    """Visitors of one page, until the time is over."""

    def __init__(self, client: httpx.AsyncClient, seconds: float) -> None:
        self.client = client
        self.seen = Seen()
        self.end = perf_counter() + seconds

    @property
    def left(self) -> float:
        return self.end - perf_counter()

    async def rest(self, seconds: float) -> None:
        await asyncio.sleep(max(0, min(seconds, self.left)))

    async def ask(
        self,
        route: str,
        header: dict,
        body: bytes = b"",
        asker: str = "",
        by: httpx.AsyncClient | Line | None = None,
    ) -> bytes:
        """The reply; empty if there was none, which is noted."""
        began = perf_counter()
        headers = {"X-Asker": asker} if asker else {}
        asked = (by or self.client).post(
            f"live/{route}", content=pack(header, body), headers=headers
        )
        try:
            reply = await asyncio.wait_for(asked, PATIENCE)
        except (httpx.HTTPError, OSError, EOFError, asyncio.TimeoutError) as error:
            self.seen.errors.append(f"{route}: {error!r}")
            return b""
        if reply.status_code in (429, 503):
            self.seen.busy += 1
            await self.rest(float(reply.headers["Retry-After"]))
            return b""
        if reply.status_code != 200:
            self.seen.errors.append(f"{route}: {reply.status_code} {reply.text[:200]}")
            return b""
        self.seen.took(route, perf_counter() - began)
        return reply.content

    async def visit(self, number: int) -> None:
        """One visitor, who comes at some moment of the first strokes."""
        chance = random.Random(number)
        await self.rest(chance.uniform(0, 2 * STROKE))
        await self.client.get("facts/now/about")
        map_at = perf_counter() + chance.uniform(0, self.left)
        for stroke in count():
            if self.left <= 0:
                return
            await self.draw(number, stroke)
            if map_at and perf_counter() > map_at:
                map_at = None
                await self.open_map()
            await self.rest(STROKE)

    async def draw(self, number: int, stroke: int) -> None:
        """Moves the pen at even times, whatever the server does; the newest position is asked."""
        due: list[float] = []  # movements that no reply includes yet
        news = asyncio.Event()
        shown = np.roll(INK, (stroke + number) % 20 - 10, axis=1).tobytes()
        header = {
            "width": 100,
            "height": 100,
            "models": list(DEFAULT_CARDS),
            "noise": {**NOISE, "seed": stroke},
            "sample": None,
        }

        async def keep_up() -> None:
            while True:
                await news.wait()
                news.clear()
                while due and self.left > -GRACE:
                    sent = len(due)
                    if await self.ask("reconstruct", header, shown, f"{number}-cards", line):
                        for moved in due[:sent]:
                            self.seen.took("movement", perf_counter() - moved)
                        del due[:sent]

        line = Line(self.client.base_url)
        keeping = asyncio.create_task(keep_up())
        began = perf_counter()
        for step in range(int(STROKE / MOVE)):
            await self.rest(began + step * MOVE - perf_counter())
            if self.left <= 0:
                break
            due.append(perf_counter())
            news.set()
        while due and self.left > -GRACE:
            await asyncio.sleep(MOVE)
        keeping.cancel()
        line.close()

    async def open_map(self) -> None:
        await self.client.get(f"facts/now/map/{SPACE}")

    async def run_tsne(self) -> None:
        while self.left > 0:
            await self.ask("tsne", TSNE)
            await self.rest(TSNE_EVERY)

    async def train(self) -> None:
        await self.rest(self.left / 3)
        model = {"options": {"latent_dim": 2}, "config": {"epochs": 5}}
        await self.ask("train-start", {"owner": "load" * 5, **RUN, **model})
