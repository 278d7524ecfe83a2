"""How the page holds out under many visitors at once.

    python benchmarks/load.py
    python benchmarks/load.py --visitors 100 --seconds 600

Starts the page and visits it over loopback. Each visitor draws for 2 seconds and rests for 2, and
while drawing moves the pen every 200 ms, four models looking on, as the page does it: one request
in flight, and the newest wins. A movement counts from the moment it was due until the reply that
includes it. Each visitor opens the map once; one now and then runs t-SNE; one trains a model.
Visitors and server share the machine. Prints a table and, as the last line, one JSON object.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parent.parent))

import httpx
import numpy as np
from prometheus_client.parser import text_string_to_metric_families

from playground.looks import DEFAULT_CARDS
from playground.wire import pack, unpack
from tests.browser.running import IDLE, running_page
from tests.samples import INK

MOVE = 0.2  # seconds between two movements of a pen
STROKE = 2.0  # seconds of drawing, and then as many of rest
GRACE = 10.0  # seconds after the end in which replies still count
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

    async def ask(self, route: str, header: dict, body: bytes = b"", asker: str = "") -> bytes:
        """The reply; empty if there was none, which is noted."""
        began = perf_counter()
        headers = {"X-Asker": asker} if asker else {}
        try:
            reply = await self.client.post(
                f"live/{route}", content=pack(header, body), headers=headers
            )
        except httpx.HTTPError as error:
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
        await self.client.get("live/about")
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
                    if await self.ask("reconstruct", header, shown, f"{number}-cards"):
                        for moved in due[:sent]:
                            self.seen.took("movement", perf_counter() - moved)
                        del due[:sent]

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

    async def open_map(self) -> None:
        about = unpack(await self.ask("map", {"model": SPACE}) or pack({}))[0]
        if about:
            (x, y), half = about["square"]["centre"], about["square"]["half"]
            across, up = (
                {"spacing": "even", "low": middle - half, "high": middle + half, "count": 33}
                for middle in (x, y)
            )
            plane = {"kind": "whole"}
            await self.ask("sheet", {"model": SPACE, "plane": plane, "across": across, "up": up})

    async def run_tsne(self) -> None:
        while self.left > 0:
            await self.ask("tsne", TSNE)
            await self.rest(TSNE_EVERY)

    async def train(self) -> None:
        await self.rest(self.left / 3)
        model = {"options": {"latent_dim": 2}, "config": {"epochs": 5}}
        await self.ask("train-start", {"owner": "load" * 5, **RUN, **model})


async def numbers(client: httpx.AsyncClient) -> dict[str, float]:
    """The server's own numbers, by name, labels added up."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families((await client.get("metrics")).text):
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, 0) + sample.value
    return found


async def measure(url: str, visitors: int, seconds: float) -> dict:
    limits = httpx.Limits(keepalive_expiry=IDLE)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as client:
        warm = Crowd(client, 5)
        # What is imported once is no growth of the memory.
        await asyncio.gather(warm.draw(0, 0), warm.open_map(), warm.ask("tsne", TSNE))
        before = await numbers(client)
        began, own = perf_counter(), process_time()
        crowd = Crowd(client, seconds)
        visits = [crowd.visit(number) for number in range(visitors)]
        await asyncio.gather(*visits, crowd.run_tsne(), crowd.train())
        took, own = perf_counter() - began, process_time() - own
        after = await numbers(client)
    dropped = (
        after["playground_dropped_requests_total"] - before["playground_dropped_requests_total"]
    )
    memory = [each["process_resident_memory_bytes"] / 2**20 for each in (before, after)]
    return {
        "visitors": visitors,
        "seconds": round(took, 1),
        "requests_per_second": round(crowd.seen.replies / took, 1),
        "rows": [row(what, waits) for what, waits in sorted(crowd.seen.seconds.items())],
        "errors": len(crowd.seen.errors),
        "first_errors": crowd.seen.errors[:3],
        "busy": crowd.seen.busy,
        "dropped": dropped,
        "server_cpu": round(
            (after["process_cpu_seconds_total"] - before["process_cpu_seconds_total"]) / took, 2
        ),
        "visitors_cpu": round(own / took, 2),
        "memory_mb": [round(each) for each in memory],
    }


def row(what: str, waits: list[float]) -> dict:
    at = quantiles(waits, n=100, method="inclusive") if len(waits) > 1 else waits * 99
    middle = {f"p{p}_ms": round(1000 * at[p - 1], 1) for p in (50, 95, 99)}
    return {"what": what, "count": len(waits), **middle}


def report(found: dict) -> None:
    print(f"{found['visitors']} visitors for {found['seconds']} s, {os.cpu_count()} cores")
    print(f"{'':>14} {'count':>7} {'p50':>9} {'p95':>9} {'p99':>9}")
    for each in found["rows"]:
        times = " ".join(f"{each[f'p{p}_ms']:>6} ms" for p in (50, 95, 99))
        print(f"{each['what']:>14} {each['count']:>7} {times}")
    print(
        f"{found['requests_per_second']} requests/s; {found['errors']} errors {found['first_errors']}"
    )
    print(f"{found['dropped']:.0f} dropped by the server, {found['busy']} refused with a sentence")
    start, end = found["memory_mb"]
    print(f"the visitors themselves took {found['visitors_cpu']} cores")
    print(f"server: {found['server_cpu']} cores, {start} MB at the start, {end} MB at the end")
    print(json.dumps({"benchmark": "load", "cores": os.cpu_count(), **found}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--visitors", type=int, default=100, help="at most 1000")
    parser.add_argument("--seconds", type=float, default=30, help="at most 1800")
    options = parser.parse_args()
    visitors, seconds = min(options.visitors, 1000), min(options.seconds, 1800)
    with (
        tempfile.TemporaryDirectory() as runs,
        running_page("--metrics", VAE_RUNS=runs) as url,
    ):
        report(asyncio.run(measure(url, visitors, seconds)))


if __name__ == "__main__":
    main()
