"""How long the page takes from a movement of the pen to all cards redrawn.

    python benchmarks/page.py

Draws with a real pointer in Chromium on a page of its own, for one, four and all models, then
again with 80 ms of emulated network latency. A movement counts from the browser's time stamp of
its event until the cards that include it are drawn; movements that a newer request overtook
count until that one is drawn. Prints a table and, as the last line, one JSON object.
"""

import argparse
import json
import math
import os
import sys
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).parent.parent))

from playwright.sync_api import Page, sync_playwright

from tests.browser.running import launch_browser, running_page

LATENCIES = (0, 80)  # ms, emulated

# Keeps the time stamps of movements, and settles those that a drawing of the cards includes.
WATCH = """() => {
    window.waits = [];
    let moves = [];
    document.querySelector("#canvas canvas").addEventListener("pointermove",
        (event) => event.buttons && moves.push(event.timeStamp), { capture: true });
    document.addEventListener("drawn", (event) => {
        const now = performance.now();
        const included = moves.filter((time) => time <= event.detail.sent);
        moves = moves.filter((time) => time > event.detail.sent);
        window.waits.push(...included.map((time) => now - time));
    });
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--strokes", type=int, default=6, help="strokes per row of the table")
    strokes = parser.parse_args().strokes
    rows = []
    with running_page() as url, sync_playwright() as playwright:
        browser = launch_browser(playwright)
        for latency in LATENCIES:
            for count in (1, 4, None):
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                rows.append({"latency_ms": latency, **measure(page, url, count, latency, strokes)})
                page.close()
        browser.close()
    report(rows)


def measure(page: Page, url: str, count: int | None, latency: int, strokes: int) -> dict:
    """The waits with `count` models chosen, or all of them."""
    page.goto(url)
    page.wait_for_selector(".card.model")
    chosen = choose(page, count)
    page.wait_for_timeout(1500)  # the plot of the first digit must not compete
    if latency:
        session = page.context.new_cdp_session(page)
        unlimited = {"downloadThroughput": -1, "uploadThroughput": -1, "offline": False}
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {"latency": latency, **unlimited})
    scribble(page, stroke=0)  # unmeasured: the first stroke also compiles the scripts
    page.wait_for_timeout(700)
    page.evaluate(WATCH)
    for stroke in range(strokes):
        scribble(page, stroke)
        page.wait_for_timeout(700)
    waits = sorted(page.evaluate("window.waits"))
    percentiles = quantiles(waits, n=100)
    return {
        "models": chosen,
        "movements": len(waits),
        "p50_ms": round(percentiles[49], 1),
        "p95_ms": round(percentiles[94], 1),
    }


def choose(page: Page, count: int | None) -> int:
    boxes = page.locator(".chip input:enabled").all()
    wanted = len(boxes) if count is None else count
    for place, box in enumerate(boxes):
        box.set_checked(place < wanted, force=True)
    return wanted


def scribble(page: Page, stroke: int) -> None:
    """One stroke of 60 movements, about as fast as a hand is seen to move."""
    box = page.locator("#canvas canvas").first.bounding_box()
    assert box is not None

    def place(step: int) -> tuple[float, float]:
        turn = step / 10 + stroke
        reach = box["width"] * (0.12 + 0.004 * step)
        return (
            box["x"] + box["width"] / 2 + reach * math.cos(turn),
            box["y"] + box["height"] / 2 + reach * math.sin(turn),
        )

    page.mouse.move(*place(0))
    page.mouse.down()
    for step in range(1, 61):
        page.mouse.move(*place(step))
        page.wait_for_timeout(12)
    page.mouse.up()


def report(rows: list[dict]) -> None:
    print(f"pen movement to all cards redrawn, {os.cpu_count()} cores")
    print(f"{'network':>8} {'models':>7} {'movements':>10} {'p50':>9} {'p95':>9}")
    for row in rows:
        print(
            f"{'+' + str(row['latency_ms']) + ' ms':>8} {row['models']:>7} {row['movements']:>10} "
            f"{row['p50_ms']:>6} ms {row['p95_ms']:>6} ms"
        )
    print(json.dumps({"benchmark": "page", "cores": os.cpu_count(), "rows": rows}))


if __name__ == "__main__":
    main()
