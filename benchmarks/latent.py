"""How quickly the tabs of latent spaces open, and how smoothly they follow the pointer.

    python benchmarks/latent.py

Opens a page of its own in Chromium and moves a real pointer. Each section below measures one
tab, and gives rows of a name, a value and a unit. Prints a table and, as the last line, one JSON
object. To add a section: write a function like `pads`, and list it in `SECTIONS`.
"""

import argparse
import json
import math
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from playwright.sync_api import Page, sync_playwright

from tests.browser.running import launch_browser, running_page

# Keeps how long each frame took, and which tasks kept the page from answering.
WATCH = """() => {
    window.frames_seen = [];
    const busy = new PerformanceObserver((list) => window.long_tasks.push(...list.getEntries()));
    window.long_tasks = [];
    busy.observe({ type: "longtask" });
    let last = performance.now();
    const tick = (now) => {
        window.frames_seen.push(now - last);
        last = now;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
}"""


class Row(NamedTuple):
    """One line of the table."""

    name: str
    value: float
    unit: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=5, help="how long the pointer moves")
    parser.add_argument("--only", choices=SECTIONS, help="one section alone")
    options = parser.parse_args()
    chosen = [options.only] if options.only else list(SECTIONS)
    rows: dict[str, list[Row]] = {}
    with running_page() as url, sync_playwright() as playwright:
        browser = launch_browser(playwright)
        for name in chosen:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(url)
            page.wait_for_selector(".card.model")
            page.wait_for_timeout(1500)  # the plot of the first digit must not compete
            rows[name] = SECTIONS[name](page, options.seconds)
            page.close()
        browser.close()
    report(rows)


def pads(page: Page, seconds: float) -> list[Row]:
    """The Map tab: from the click on it to the tiles of both, and a drag through both pads."""
    sizes: dict[str, int] = {}

    def note(route: str, size: int) -> None:
        sizes[route] = sizes.get(route, 0) + size

    page.on(
        "response",
        lambda reply: (
            note(reply.url.rsplit("/")[-1], int(reply.headers.get("content-length", 0)))
            if re.search("/(live|facts)/", reply.url)
            else None
        ),
    )
    page.evaluate(
        """() => {
            window.tiled = [];
            document.addEventListener("tiled", () => window.tiled.push(performance.now()));
            document.querySelector("#tabs").addEventListener("click",
                () => (window.clicked ??= performance.now()), { capture: true });
        }"""
    )
    page.get_by_role("tab", name="Map").click()
    page.wait_for_function("window.tiled.length === 2")
    first, both = page.evaluate("window.tiled.map((time) => time - window.clicked)")
    page.wait_for_function(
        "[...document.querySelectorAll('.panel .pixels')].every((d) => d.dataset.exact === 'true')"
    )
    page.wait_for_timeout(1000)  # the training codes arrive last
    opened = dict(sizes)
    sizes.clear()
    frames = drag(page, ".panel:last-child .pad-top", seconds)
    paint = page.evaluate(
        """() => {
            const pad = document.querySelector(".panel .pad-top");
            const key = (key) => pad.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            const begin = performance.now();
            for (let i = 0; i < 200; i++) key(i % 2 ? "ArrowLeft" : "ArrowRight");
            return (performance.now() - begin) / 200;
        }"""
    )
    return [
        Row("first map painted", round(first), "ms"),
        Row("both maps painted", round(both), "ms"),
        Row("bytes to open the tab", sum(opened.values()), "bytes"),
        *frames,
        Row("one movement, both pads", round(paint, 2), "ms"),
        Row("requests during the drag", len(sizes), "requests"),
    ]


def drag(page: Page, selector: str, seconds: float) -> list[Row]:
    """Frames while the pointer is dragged in circles over an element."""
    box = page.locator(selector).bounding_box()
    assert box is not None

    def place(step: int) -> tuple[float, float]:
        reach = 0.4 * min(box["width"], box["height"])
        return (
            box["x"] + box["width"] / 2 + reach * math.cos(step / 20),
            box["y"] + box["height"] / 2 + reach * math.sin(step / 17),
        )

    page.mouse.move(*place(0))
    page.mouse.down()
    for step in range(30):  # unmeasured: the first movements also compile the scripts
        page.mouse.move(*place(step))
    page.evaluate(WATCH)
    for step in range(30, 30 + int(seconds * 100)):
        page.mouse.move(*place(step))
        page.wait_for_timeout(8)
    times = sorted(page.evaluate("window.frames_seen.slice(2)"))
    blocked = page.evaluate("window.long_tasks.length")
    page.mouse.up()
    return [
        Row("frames per second", round(1000 * len(times) / sum(times), 1), "1/s"),
        Row("95th percentile of a frame", round(times[int(0.95 * len(times))], 1), "ms"),
        Row("tasks over 50 ms", blocked, "tasks"),
    ]


# One paint of as many dots as the largest map has, on the map's own canvas.
PAINT = """async () => {
    const { name } = performance.getEntriesByType("resource")
        .find((loaded) => loaded.name.endsWith("atlas/scatter/dots.js"));
    const { paintDots } = await import(name);
    const canvas = document.querySelector("[data-panel=codes] .dots");
    const count = 10_000;
    const places = Float32Array.from({ length: 3 * count }, (_, i) => [
        Math.random() * canvas.clientWidth, Math.random() * canvas.clientHeight, 1][i % 3]);
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
    const context = canvas.getContext("2d");
    const hues = Array.from({ length: 10 }, (_, i) => `#${i}04${i}80`);
    const paint = () => paintDots(context, { places, labels, classes: hues, order: null,
        hidden: new Array(10).fill(false), picked: null, radius: 1.7, ratio: devicePixelRatio });
    paint();
    const begin = performance.now();
    for (let i = 0; i < 50; i++) paint();
    context.getImageData(0, 0, 1, 1); // waits until all of it is painted
    return (performance.now() - begin) / 50;
}"""


def scatters(page: Page, seconds: float) -> list[Row]:
    """The Atlas tab: until its maps are there, then 10,000 dots dragged and zoomed."""
    sizes: list[int] = []
    page.on(
        "response",
        lambda reply: (
            sizes.append(int(reply.headers["content-length"])) if "/live/" in reply.url else None
        ),
    )
    begin = page.evaluate("performance.now()")
    page.get_by_role("tab", name="Atlas").click()
    page.wait_for_function(
        "document.querySelector('[data-panel=pixels] [data-number=kl]')?.textContent.includes('.')"
    )
    opened = page.evaluate("performance.now()") - begin
    page.wait_for_timeout(1000)  # the neighbours of the drawing arrive last
    first_bytes = sum(sizes)
    page.locator(".atlas-zone button.add").click()
    page.locator(".atlas-zone .models-list input[value=vae-2]").check()
    page.keyboard.press("Escape")
    page.wait_for_function(
        "document.querySelector('[data-panel=codes] .what').textContent.includes('10,000')"
    )
    page.get_by_label("What is shown beside it").select_option("")
    page.wait_for_timeout(500)
    marks = "[data-panel=codes] .marks"
    panned = drag(page, marks, seconds)
    zoomed = wheel(page, marks, seconds)
    paint = page.evaluate(PAINT)
    return [
        Row("both maps shown", round(opened), "ms"),
        Row("bytes to open the tab", first_bytes, "bytes"),
        *(row._replace(name=f"panning: {row.name}") for row in panned),
        *(row._replace(name=f"zooming: {row.name}") for row in zoomed),
        Row("one paint of 10,000 dots", round(paint, 2), "ms"),
    ]


def wheel(page: Page, selector: str, seconds: float) -> list[Row]:
    """Frames while the wheel turns to and fro over an element."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate(WATCH)
    for step in range(int(seconds * 60)):
        page.mouse.wheel(0, 60 if step % 40 < 20 else -60)
        page.wait_for_timeout(14)
    times = sorted(page.evaluate("window.frames_seen.slice(2)"))
    return [Row("frames per second", round(1000 * len(times) / sum(times), 1), "1/s")]


SECTIONS: dict[str, Callable[[Page, float], list[Row]]] = {"map": pads, "atlas": scatters}


def report(rows: dict[str, list[Row]]) -> None:
    print(f"the tabs of latent spaces, {os.cpu_count()} cores")
    for section, lines in rows.items():
        for name, value, unit in lines:
            print(f"{section:>8}  {name:<28} {value:>12,} {unit}")
    plain = {section: [row._asdict() for row in lines] for section, lines in rows.items()}
    print(json.dumps({"benchmark": "latent", "cores": os.cpu_count(), "sections": plain}))


if __name__ == "__main__":
    main()
