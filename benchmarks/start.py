"""How soon the page answers, and what its first load sends, beside an empty Gradio app.

    python benchmarks/start.py

Starts both in turn, several rounds, and waits for the first HTTP 200 of each. Then opens both in a
fresh Chromium and adds up the bytes that come over the wire, until half a second without any.
Prints a table and, as the last line, one JSON object.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, sync_playwright

from tests.browser.running import launch_browser
from tests.support.ports import free_port

EMPTY = """
import sys
import gradio as gr
from playground.server.gradio_private import LAUNCH
with gr.Blocks(analytics_enabled=False) as app:
    pass
app.launch(server_port=int(sys.argv[2]), quiet=True, ssr_mode=False, **LAUNCH)
"""
PROGRAMS = {"empty": ["-c", EMPTY], "page": ["app.py"]}
LAST = {"empty": "footer", "page": ".card.model .bars"}  # what each shows last


@contextmanager
def started(words: list[str]) -> Iterator[tuple[str, float]]:
    """The address of a server, and after how many seconds it answered."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryDirectory() as runs:
        began = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, *words, "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "VAE_RUNS": runs},
            stdout=subprocess.DEVNULL,
        )
        try:
            while not answers(url):
                if server.poll() is not None or time.perf_counter() - began > 300:
                    raise RuntimeError(f"{words[0]} does not start.")
                time.sleep(0.01)
            yield url, time.perf_counter() - began
        finally:
            server.terminate()
            server.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=60) as reply:
            return reply.status == 200
    except OSError:
        return False


def wire(browser: Browser, url: str, last: str) -> tuple[int, int]:
    """The bytes and the requests of the first load, headers included.

    Arguments:
        last: what the page shows last.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(300_000)
    page = context.new_page()
    session = context.new_cdp_session(page)
    lengths: list[float] = []
    session.on("Network.loadingFinished", lambda done: lengths.append(done["encodedDataLength"]))
    session.send("Network.enable")
    page.goto(url)
    page.wait_for_selector(last)
    page.wait_for_load_state("networkidle")
    context.close()
    return round(sum(lengths)), len(lengths)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="starts of each")
    rounds = parser.parse_args().rounds
    seconds: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(rounds):
        for name, words in PROGRAMS.items():
            with started(words) as (_, took):
                seconds[name].append(took)
    loads = {}
    with sync_playwright() as playwright:
        browser = launch_browser(playwright)
        for name, words in PROGRAMS.items():
            with started(words) as (url, _):
                loads[name] = wire(browser, url, LAST[name])
        browser.close()
    report(seconds, loads)


def report(seconds: dict[str, list[float]], loads: dict[str, tuple[int, int]]) -> None:
    print(f"{'':>6} {'first 200':>10} {'least':>8} {'most':>8} {'first load':>11} {'requests':>9}")
    for name, times in seconds.items():
        size, count = loads[name]
        print(
            f"{name:>6} {median(times):>8.2f} s {min(times):>6.2f} s {max(times):>6.2f} s "
            f"{size / 1e6:>8.2f} MB {count:>9}"
        )
    ratio = median(seconds["page"]) / median(seconds["empty"])
    beyond = loads["page"][0] - loads["empty"][0]
    print(f"ratio of the medians {ratio:.2f}; {beyond / 1e6:.2f} MB beyond an empty app's")
    found = {
        "rounds": len(seconds["page"]),
        "seconds": {name: [round(each, 2) for each in times] for name, times in seconds.items()},
        "ratio": round(ratio, 3),
        "bytes": {name: size for name, (size, _) in loads.items()},
        "bytes_beyond": beyond,
    }
    print(json.dumps({"benchmark": "start", "cores": os.cpu_count(), **found}))


if __name__ == "__main__":
    main()
