"""A page of our own to test, and a browser to look at it with."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright

from tests.support.ports import free_port

ROOT = Path(__file__).parent.parent.parent
START = 600  # seconds that a slow machine may take to bring the page up, or down, or to answer
# Seconds that a client keeps an idle connection. The page closes it after 5, and a request that is
# on its way then is lost.
IDLE = 2.0

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOW_TO_GET_ONE = (
    "no Chromium found; get one with `playwright install chromium`, or install your system's"
)


def launch_browser(playwright: Playwright) -> Browser:
    """The system's Chromium, or Playwright's own.

    Raises:
        LookupError: if there is neither; its text says how to get one.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    system = next(filter(None, map(shutil.which, names)), None)
    try:
        return playwright.chromium.launch(executable_path=system, args=FLAGS)
    except Error as error:
        if system is None:
            raise LookupError(HOW_TO_GET_ONE) from error
        raise


@contextmanager
def running_page(*flags: str, program: str = "app.py", **environment: str) -> Iterator[str]:
    """The address of a page that runs as a visitor's would, until the end of the block.

    Arguments:
        flags: of app.py, beside the port.
        program: what starts it, from the root of the repository.
        environment: variables that its process has beside ours.
    """
    url, server = started_page(*flags, program=program, port=None, **environment)
    try:
        yield url
    finally:
        server.terminate()
        server.wait(timeout=START)


def started_page(
    *flags: str, program: str = "app.py", port: int | None = None, **environment: str
) -> tuple[str, subprocess.Popen]:
    """The same with its process, which whoever asks for it must end; at a free port, or this one."""
    port = port or free_port()
    command = [sys.executable, program, "--port", str(port), *flags]
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "GRADIO_ANALYTICS_ENABLED": "0", **environment}
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        _wait_until_up(url, server)
    except BaseException:
        server.kill()
        raise
    return url, server


def _wait_until_up(url: str, server: subprocess.Popen) -> None:
    for _ in range(START * 5):
        if server.poll() is not None:
            raise RuntimeError(f"The page stopped with code {server.returncode} before it was up.")
        try:
            # The models are loaded by the time this one is answered.
            urllib.request.urlopen(url + "facts/now/about", timeout=START).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The page was not up after {START} seconds.")
