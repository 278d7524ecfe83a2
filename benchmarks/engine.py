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
from vae_core.models import Autoencoder
from vae_core.models.layers import layers
from vae_core.training.checkpoints import load_checkpoint

ROOT = Path(__file__).parent.parent
ELEMENTWISE = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid"}
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
    from onnx import TensorProto, checker, helper, numpy_helper

    plain, weights = layers(model), model.state_dict()
    nodes: list[Any] = []
    used: dict[str, Any] = {}

    def kept(name: str, values: Any) -> str:
        used[name] = numpy_helper.from_array(values, name)
        return name

    def weight(each: dict[str, Any]) -> str:
        found = weights[each["weight"]].float()
        if "normalised" in each:
            found = found / found.norm(dim=each["normalised"], keepdim=True)
        return kept(each["weight"], found.numpy())

    def add(part: str, values: list[str]) -> None:
        for i, each in enumerate(plain[part]["operations"]):
            of, out = [values[value] for value in each["of"]], f"{part}{i}"
            nodes.extend(_nodes(each, of, out, weight, kept, weights))
            values.append(out)

    ways: dict[str, list[str]] = {"encode": ["image"]}
    add("encode", ways["encode"])
    ways["decode"] = [ways["encode"][plain["encode"]["outputs"]["mean"]]]
    add("decode", ways["decode"])
    picture = ways["decode"][plain["decode"]["outputs"]["pixels"]]
    shapes = [("image", plain["image"]), (picture, plain["drawn"])]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, *shape])
        for name, shape in shapes
    ]
    graph = helper.make_graph(nodes, "model", ends[:1], ends[1:], list(used.values()))
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    checker.check_model(made)
    return made.SerializeToString()


def _nodes(each: dict[str, Any], of: list[str], out: str, weight: Any, kept: Any, weights: Any) -> list[Any]:  # fmt: skip
    import numpy as np
    from onnx import helper

    kind = each["kind"]
    bias = [kept(each["bias"], weights[each["bias"]].float().numpy())] if each.get("bias") else []
    if kind == "linear":
        return [helper.make_node("Gemm", [*of, weight(each), *bias], [out], transB=1)]
    if kind in ("conv", "conv_transpose"):
        pads = [*each["padding"], *each["padding"]]
        name = {"conv": "Conv", "conv_transpose": "ConvTranspose"}[kind]
        about = {"pads": pads, "strides": each["stride"]}
        return [helper.make_node(name, [*of, weight(each), *bias], [out], **about)]
    if kind == "silu":
        gate = helper.make_node("Sigmoid", of, [f"{out}_gate"])
        return [gate, helper.make_node("Mul", [*of, f"{out}_gate"], [out])]
    if kind == "reshape":
        shape = kept(f"{out}_shape", np.array([1, *each["shape"]], np.int64))
        return [helper.make_node("Reshape", [*of, shape], [out])]
    if kind == "slice":
        ends = (each["start"], each["start"] + each["shape"][0], 1)
        names = [kept(f"{out}_{i}", np.array([end], np.int64)) for i, end in enumerate(ends)]
        return [helper.make_node("Slice", [*of, *names], [out])]
    if kind == "clamp":
        ends = (each["min"], each["max"])
        bounds = [kept(f"{out}_{i}", np.array(end, np.float32)) for i, end in enumerate(ends)]
        return [helper.make_node("Clip", [*of, *bounds], [out])]
    if kind == "logit":
        one = kept(f"{out}_one", np.array(1, np.float32))
        rest = helper.make_node("Sub", [one, *of], [f"{out}_rest"])
        odds = helper.make_node("Div", [*of, f"{out}_rest"], [f"{out}_odds"])
        return [rest, odds, helper.make_node("Log", [f"{out}_odds"], [out])]
    return [helper.make_node({"add": "Add", **ELEMENTWISE}[kind], of, [out])]


if __name__ == "__main__":
    main()
