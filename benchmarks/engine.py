"""The page's engine against onnxruntime-web (WASM, one thread): the same models in one browser.

    npm ci && python -m benchmarks.engine

A table of milliseconds for a pass from a picture to its reconstruction, one of the bytes that each
loads until its first picture (compressed as a web server would, the weights apart), and last one
JSON object. The two take turns, so that what else the machine does slows both.
"""

import gzip
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser.running import launch_browser
from vae_core.cli.onnx_graph import onnx_graph
from vae_core.models import Autoencoder
from vae_core.models.layers import layers
from vae_core.training.checkpoints import load_checkpoint

ROOT = Path(__file__).parent.parent
FIRST = "vanilla-32"  # the smallest of the default four, which the page fetches first
WEIGHTS = (".safetensors", ".onnx", ".json")
KINDS = ("engine", "onnxruntime", "plain")


def main() -> None:
    with site() as (folder, address), sync_playwright() as playwright:
        names = []
        for path in sorted((ROOT / "checkpoints").glob("*.safetensors")):
            model = load_checkpoint(path).model
            (folder / f"{path.stem}.json").write_text(json.dumps(layers(model)))
            (folder / f"{path.stem}.onnx").write_bytes(as_onnx(model))
            shutil.copy(path, folder)
            names.append(path.stem)
        browser = launch_browser(playwright)
        script = (
            "async ({ call, words }) => (await import('/benchmarks/engine.js'))[call](...words)"
        )
        page = browser.new_page()
        page.goto(f"{address}/models/")
        times = page.evaluate(script, {"call": "compare", "words": [names]})
        loaded = {
            kind: first_picture(browser, address, script, kind)
            for kind in ("engine", "onnxruntime")
        }
    report(times, loaded)


class Site(SimpleHTTPRequestHandler):
    """This checkout, and at /models what was written for the benchmark."""

    models = Path()

    def translate_path(self, path: str) -> str:
        inside = path.split("?")[0].removeprefix("/models/")
        return str(self.models / inside if path.startswith("/models/") else ROOT / inside[1:])

    def end_headers(self) -> None:  # a page that is isolated has the finer clock
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def site() -> Iterator[tuple[Path, str]]:
    """A folder for the models, and the address of a server that has it at /models."""
    with tempfile.TemporaryDirectory() as folder:
        Site.models = Path(folder)
        (Site.models / "index.html").write_text("<!doctype html><title>Benchmark</title>")
        server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
        Thread(target=server.serve_forever, daemon=True).start()
        yield Site.models, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def first_picture(browser: Browser, address: str, script: str, kind: str) -> dict[str, int]:
    """The bytes that come until the first picture, of the program and of the model."""
    page = browser.new_page()
    asked: list[str] = []
    page.goto(f"{address}/models/")
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(script, {"call": "first", "words": [kind, FIRST]})
    page.close()
    sizes = {"program": 0, "model": 0}
    for url in asked:
        path = url.removeprefix(address)
        if not url.startswith("http") or path == "/benchmarks/engine.js":
            continue
        inside = path.removeprefix("/models/")
        file = Site.models / inside if path != inside else ROOT / path[1:]
        part = "model" if file.suffix in WEIGHTS else "program"
        sizes[part] += len(gzip.compress(file.read_bytes(), 6))
    return sizes


def report(times: dict[str, Any], loaded: dict[str, dict[str, int]]) -> None:
    print(f"{'ms, best / median':18}" + "".join(f"{kind:>16}" for kind in KINDS))
    for row, of in times.items():
        cells = (f"{of[kind]['best']:.2f} / {of[kind]['median']:.2f}" for kind in KINDS)
        print(f"{row:18}" + "".join(f"{cell:>16}" for cell in cells))
    print(f"\n{'kB, first picture':18}" + "".join(f"{kind:>16}" for kind in loaded))
    for part in ("program", "model"):
        print(f"{part:18}" + "".join(f"{of[part] / 1000:16.1f}" for of in loaded.values()))
    print(json.dumps({"ms": times, "first_picture_bytes": loaded}))


def as_onnx(model: Autoencoder) -> bytes:
    """The way from an image to its reconstruction, in the format of ONNX."""
    from onnx import compose, load_from_string

    halves = [load_from_string(onnx_graph(model, half)) for half in ("encoder", "decoder")]
    encoder, decoder = (compose.add_prefix(half, f"{half.graph.name}_") for half in halves)
    joint = [("encoder_latents", "decoder_latents")]
    made = compose.merge_models(encoder, decoder, joint, outputs=["decoder_images"])
    return made.SerializeToString()


if __name__ == "__main__":
    main()
