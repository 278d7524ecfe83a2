"""Visitors of the page, as a server meets them: they fetch files, and now and then ask for work."""

import asyncio
import random
from dataclasses import dataclass, field, replace
from time import perf_counter

import httpx

from playground.components import assets
from playground.styles import DEFAULT_CARDS
from playground.wire.packing import pack
from tests.browser.running import IDLE

ARRIVING = 0.5  # of the time, in which all visitors come
AT_ONCE = 6  # files that a browser fetches at a time
DRAWING = 60.0  # seconds that a visitor stays
PATIENCE = 60.0  # seconds until a reply is an error
TSNE_EVERY = 15.0  # seconds between two runs of t-SNE, all visitors together
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
FIRST = [assets.url(name) for name in (*assets.EARLY, "core.css", "reconstruct.css")]
FACTS = [f"facts/now/{name}" for name in ("about", "examples")]


@dataclass
class Seen:
    """What the visitors saw, by what they asked for."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    busy: int = 0
    bytes: int = 0

    @property
    def replies(self) -> int:
        return sum(map(len, self.seconds.values()))

    def took(self, what: str, seconds: float) -> None:
        self.seconds.setdefault(what, []).append(seconds)


@dataclass
class Crowd:
    """Visitors of one page, until the time is over."""

    client: httpx.AsyncClient
    seconds: float
    seen: Seen = field(default_factory=Seen)
    began: float = field(default_factory=perf_counter)

    @property
    def left(self) -> float:
        return self.began + self.seconds - perf_counter()

    async def rest(self, seconds: float) -> None:
        await asyncio.sleep(max(0, min(seconds, self.left)))

    async def ask(
        self, what: str, path: str, content: bytes | None = None
    ) -> httpx.Response | None:
        """The reply; None if there was none, which is noted."""
        began = perf_counter()
        method = "GET" if content is None else "POST"
        try:
            asked = self.client.request(method, path, content=content)
            reply = await asyncio.wait_for(asked, PATIENCE)
        except (httpx.HTTPError, asyncio.TimeoutError) as error:
            self.seen.errors.append(f"{path}: {error!r}")
            return None
        if reply.status_code == 503:
            self.seen.busy += 1
            await self.rest(float(reply.headers["Retry-After"]))
            return None
        if reply.status_code != 200:
            self.seen.errors.append(f"{path}: {reply.status_code} {reply.text[:200]}")
            return None
        self.seen.took(what, perf_counter() - began)
        self.seen.bytes += len(reply.content)
        return reply

    async def fetch(self, what: str, paths: list[str]) -> None:
        """Files, as many at a time as a browser fetches."""
        free = asyncio.Semaphore(AT_ONCE)

        async def one(path: str) -> None:
            async with free:
                await self.ask(what, path)

        await asyncio.gather(*map(one, paths))

    async def visit(self, number: int) -> None:
        """One visitor, who opens the page in a browser of their own and draws for a minute."""
        await self.rest(random.Random(number).uniform(0, ARRIVING * self.seconds))
        limits = httpx.Limits(max_connections=AT_ONCE, keepalive_expiry=IDLE)
        base = self.client.base_url
        async with httpx.AsyncClient(base_url=base, limits=limits, verify=False) as browser:
            await replace(self, client=browser).open()
            await self.rest(DRAWING)  # which costs the server nothing but open connections

    async def open(self) -> None:
        await self.ask("page", "")
        await self.fetch("script", FIRST)
        await self.fetch("fact", FACTS)
        listed = await self.ask("fact", "weights")
        models = (
            {each["name"]: each["address"] for each in listed.json()["models"]} if listed else {}
        )
        wanted = [models[name] for name in DEFAULT_CARDS if name in models]
        await self.fetch("layers", [f"{address}.json" for address in wanted])
        await self.fetch("weights", [f"{address}.safetensors" for address in wanted])

    async def run_tsne(self) -> None:
        while self.left > 0:
            await self.ask("tsne", "live/tsne", pack(TSNE))
            await self.rest(TSNE_EVERY)

    async def train(self) -> None:
        await self.rest(self.left / 3)
        model = {"options": {"latent_dim": 2}, "config": {"epochs": 5}}
        asked = pack({"owner": "load" * 5, **RUN, **model})
        await self.ask("train-start", "live/train-start", asked)
