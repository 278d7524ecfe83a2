"""The page's engine against onnxruntime-web (WASM, one thread): the same models in one run of Node.

    npm ci && pip install onnx && python -m benchmarks.engine

A table of milliseconds for a pass from a picture to its reconstruction, and last one JSON object.
The two take turns, so that what else the machine does slows both.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from vae_core.models import Autoencoder
from vae_core.models.layers import layers
from vae_core.training.checkpoints import load_checkpoint

ROOT = Path(__file__).parent.parent
ELEMENTWISE = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid"}


def main() -> None:
    node = shutil.which("node")
    if node is None:
        sys.exit("Node is not installed: https://nodejs.org")
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((ROOT / "checkpoints").glob("*.safetensors")):
            model = load_checkpoint(path).model
            (Path(folder) / f"{path.stem}.json").write_text(json.dumps(layers(model)))
            (Path(folder) / f"{path.stem}.onnx").write_bytes(as_onnx(model))
        subprocess.run(
            [node, str(ROOT / "benchmarks" / "engine.js"), folder], check=True, cwd=ROOT
        )


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
