"""How the page holds out under many visitors at once.

    python benchmarks/load.py
    python benchmarks/load.py --visitors 100 --seconds 600

Starts the page and visits it over loopback. Each visitor fetches what a browser does that opens
the page for the first time: the page, its scripts, facts, and the weights and layers of the four
models on show. Then they draw, which costs the server nothing. One now and then runs t-SNE; one
trains a model. Visitors and server share the machine. Prints a table, the memory as it went, and, as the last line,
one JSON object.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parent.parent))

import httpx
import numpy as np
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.crowd import TSNE, Crowd
from playground.wire.packing import pack
from tests.browser.running import IDLE, running_page

LOOKS = 10  # at the server's memory, from beginning to end
SETTLED = 0.2  # of the time, after which the memory should stay as it is


async def numbers(client: httpx.AsyncClient) -> dict[str, float]:
    """The server's own numbers, by name, labels added up."""
    found: dict[str, float] = {}
    text = (await client.get("metrics", headers={"Connection": "close"})).text
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, 0) + sample.value
    return found


async def watch(client: httpx.AsyncClient, seconds: float) -> list[tuple[float, float]]:
    """The server's memory in MB again and again, and at how many seconds it was so large."""
    began, found = perf_counter(), []
    for look in range(LOOKS + 1):
        await asyncio.sleep(max(0, began + look * seconds / LOOKS - perf_counter()))
        now = (await numbers(client))["process_resident_memory_bytes"] / 2**20
        found.append((round(perf_counter() - began), round(now)))
    return found


def slope(memory: list[tuple[float, float]]) -> float:
    """MB a minute, of the straight line that fits best when the beginning is over."""
    seconds, megabytes = np.array(memory[int(SETTLED * LOOKS) :], float).T
    return round(60 * float(np.polyfit(seconds, megabytes, 1)[0]), 2)


async def measure(url: str, visitors: int, seconds: float) -> dict:
    limits = httpx.Limits(keepalive_expiry=IDLE)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as client:
        warm = Crowd(client, 5)
        # What is imported once is no growth of the memory.
        await asyncio.gather(warm.visit(0), warm.ask("tsne", "live/tsne", pack(TSNE)))
        before = await numbers(client)
        began, own = perf_counter(), process_time()
        crowd = Crowd(client, seconds)
        visits = [crowd.visit(number) for number in range(visitors)]
        rest = asyncio.gather(*visits, crowd.run_tsne(), crowd.train())
        memory, _ = await asyncio.gather(watch(client, seconds), rest)
        took, own = perf_counter() - began, process_time() - own
        after = await numbers(client)
    dropped = (
        after["playground_dropped_requests_total"] - before["playground_dropped_requests_total"]
    )
    return {
        "visitors": visitors,
        "seconds": round(took, 1),
        "requests_per_second": round(crowd.seen.replies / took, 1),
        "megabytes_per_second": round(crowd.seen.bytes / took / 2**20, 1),
        "rows": [row(what, waits) for what, waits in sorted(crowd.seen.seconds.items())],
        "errors": len(crowd.seen.errors),
        "first_errors": crowd.seen.errors[:3],
        "busy": crowd.seen.busy,
        "dropped": dropped,
        "server_cpu": round(
            (after["process_cpu_seconds_total"] - before["process_cpu_seconds_total"]) / took, 2
        ),
        "visitors_cpu": round(own / took, 2),
        "memory_mb": memory,
        "memory_mb_a_minute": slope(memory),
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
        f"{found['requests_per_second']} requests/s, {found['megabytes_per_second']} MB/s; "
        f"{found['errors']} errors {found['first_errors']}"
    )
    print(f"{found['dropped']:.0f} dropped by the server, {found['busy']} refused with a sentence")
    print(f"the visitors themselves took {found['visitors_cpu']} cores")
    print(f"the server took {found['server_cpu']} cores, and of memory")
    for seconds, megabytes in found["memory_mb"]:
        print(f"{seconds:>7} s {megabytes:>6} MB")
    print(f"which is {found['memory_mb_a_minute']:+} MB a minute after the first {SETTLED:.0%}")
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
