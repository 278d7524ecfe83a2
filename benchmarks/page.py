"""How long the page takes from a movement of the pen to all cards redrawn.

    python benchmarks/page.py
    python benchmarks/page.py --parts
    python benchmarks/page.py --against DIR

Draws with a real pointer in Chromium on a page of its own, for one, four and all models, then
again with 80 ms of emulated network latency. A movement counts from the browser's time stamp of
its event until the cards that include it are drawn; movements that a newer request overtook
count until that one is drawn. Prints a table and, as the last line, one JSON object.

With --parts the table says where the time goes, in medians: until the page hears of the movement,
until the digit is made of it, until the cards are drawn; and, beyond what counts, until the frame
that shows them begins. With --against, a checkout of another version is measured stroke by stroke
in turn with this one, and the table says by how much this one is faster.
"""

import argparse
import json
import math
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parent.parent))

from playwright.sync_api import Browser, Page, sync_playwright

from playground.store.models import Store
from tests.browser.running import ROOT, launch_browser, running_page

LATENCIES = (0, 80)  # ms, emulated
PARTS = ("heard", "digit", "cards", "frame")

# Tells which event of the pen the page goes by, as a version may hear of movements earlier than
# another, and a movement is in no question that was asked before the page heard of it.
LISTEN = """() => {
    const listen = EventTarget.prototype.addEventListener;
    window.movement = "pointermove";
    EventTarget.prototype.addEventListener = function (type, ...rest) {
        if (type === "pointerrawupdate") window.movement = type;
        return listen.call(this, type, ...rest);
    };
}"""

# Keeps the times of movements, and settles those that a drawing of the cards includes.
WATCH = """() => {
    window.waits = [];
    let moves = [];
    document.querySelector("#canvas canvas").addEventListener(window.movement, (event) => (
        event.buttons && moves.push({ made: event.timeStamp, heard: performance.now() })
    ), { capture: true });
    document.addEventListener("drawn", ({ detail: { sent } }) => {
        const drawn = performance.now();
        const included = moves.filter(({ heard }) => heard <= sent);
        moves = moves.filter(({ heard }) => heard > sent);
        requestAnimationFrame(() => {
            const shown = performance.now();
            window.waits.push(...included.map(({ made, heard }) => ({
                wait: drawn - made, heard: heard - made, digit: sent - heard, cards: drawn - sent, frame: shown - drawn,
            })));
        });
    });
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--strokes", type=int, default=6, help="strokes per row of the table")
    parser.add_argument("--parts", action="store_true", help="say where the time goes")
    parser.add_argument("--against", type=Path, metavar="DIR", help="a checkout to compare with")
    asked = parser.parse_args()
    roots = [ROOT, *([asked.against.resolve()] if asked.against else [])]
    rows = []
    with ExitStack() as pages, sync_playwright() as playwright:
        urls = [pages.enter_context(running_page(root=root)) for root in roots]
        browser = launch_browser(playwright)
        for latency in LATENCIES:
            for count in (1, 4, None):
                rows.append(measure(browser, urls, count, latency, asked.strokes))
        browser.close()
    report(rows, asked.parts)


def measure(
    browser: Browser, urls: list[str], count: int | None, latency: int, strokes: int
) -> dict:
    """The waits of each page with `count` models chosen, or all of them."""
    opened = [open_page(browser, url, count, latency) for url in urls]
    for stroke in range(strokes):
        for page, _ in opened:
            page.bring_to_front()
            scribble(page, stroke)
            page.wait_for_timeout(700)
    ours, *others = [summary(page) for page, _ in opened]
    for page, _ in opened:
        page.close()
    row = {"latency_ms": latency, "models": opened[0][1], **ours}
    return {**row, "against": others[0]} if others else row


def open_page(browser: Browser, url: str, count: int | None, latency: int) -> tuple[Page, int]:
    """A page that is watched, and how many models it shows."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(f"({LISTEN})()")
    names = Store().names[:count]
    page.goto(f"{url}#models={','.join(names)}")
    page.wait_for_selector(".card.model")
    page.wait_for_timeout(1500)  # the plot of the first digit must not compete
    if latency:
        session = page.context.new_cdp_session(page)
        unlimited = {"downloadThroughput": -1, "uploadThroughput": -1, "offline": False}
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {"latency": latency, **unlimited})
    scribble(page, stroke=0)  # unmeasured: the first stroke also compiles the scripts
    page.wait_for_timeout(700)
    page.evaluate(WATCH)
    assert page.locator(".card.model").count() == len(names)
    return page, len(names)


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


def summary(page: Page) -> dict:
    waits = page.evaluate("window.waits")
    percentiles = quantiles([each["wait"] for each in waits], n=100)
    return {
        "movements": len(waits),
        "p50_ms": round(percentiles[49], 1),
        "p95_ms": round(percentiles[94], 1),
        "parts_ms": {part: round(median(each[part] for each in waits), 1) for part in PARTS},
    }


def report(rows: list[dict], parts: bool) -> None:
    print(f"pen movement to all cards redrawn, {os.cpu_count()} cores")
    titles = [f"{title:>9}" for title in ("p50", "p95", *(PARTS if parts else ()))]
    titles += [f"{title:>12}" for title in ("p50 before", "p95 before") if "against" in rows[0]]
    print(f"{'network':>8} {'models':>7} {'movements':>10}", *titles)
    for row in rows:
        times = [row["p50_ms"], row["p95_ms"], *(row["parts_ms"].values() if parts else ())]
        cells = [f"{time:>6} ms" for time in times]
        for key in ("p50_ms", "p95_ms"):
            if before := row.get("against"):
                cells.append(f"{before[key]:>6} {before[key] / row[key]:>4.1f}x")
        print(
            f"{'+' + str(row['latency_ms']) + ' ms':>8} {row['models']:>7} {row['movements']:>10}",
            *cells,
        )
    print(json.dumps({"benchmark": "page", "cores": os.cpu_count(), "rows": rows}))


if __name__ == "__main__":
    main()
