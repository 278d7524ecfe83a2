"""A model's encoder and decoder in the format of ONNX, from its layers as plain data."""

from typing import Any, Literal

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from ..errors import needs
from ..models import Autoencoder
from ..models.layers import layers

OPSET, IR = 17, 9  # of 2022 and 2023: what runs ONNX today knows both
ELEMENTWISE = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid", "add": "Add"}
LOCALLY = {"conv": "Conv", "conv_transpose": "ConvTranspose"}
NAMES = {"mean": "latents", "pixels": "images"}  # that who runs it asks for
Half = Literal["encoder", "decoder"]


def onnx_graph(model: Autoencoder, half: Half) -> bytes:
    """The content of an ONNX file of any number of images at once.

    The encoder's input is "images", [b, c, h, w] from black 0 to white 1, its output "latents",
    [b, z], without noise, and of a model whose latents are Gaussian "log_var" too. The decoder's
    input is "latents", its outputs "logits" and "images".

    Raises:
        UsageError: if onnx is not installed, or the model has a layer that `layers` does not know.

    Example:
        >>> from vae_core.models import build, specify
        >>> content = onnx_graph(build(specify("vae", latent_dim=2)), "decoder")
        >>> import onnx
        >>> [each.name for each in onnx.load_from_string(content).graph.output]
        ['logits', 'images']
    """
    with needs("onnx", "Writing ONNX"):
        from onnx import TensorProto, checker, helper

    plain = layers(model)["encode" if half == "encoder" else "decode"]
    entry = "images" if half == "encoder" else "latents"
    graph = _Graph(model.state_dict())
    values = [entry]
    for i, each in enumerate(plain["operations"]):
        graph.add(each, [values[value] for value in each["of"]], f"value{i + 1}")
        values.append(f"value{i + 1}")
    shapes = [plain["input"], *(each["shape"] for each in plain["operations"])]
    ends: dict[str, list[int]] = {}
    for name, value in plain["outputs"].items():
        end = NAMES.get(name) or name
        graph.node("Identity", [values[value]], end)
        ends[end] = shapes[value]

    def described(name: str, shape: list[int]) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["b", *shape])

    made = helper.make_model(
        helper.make_graph(
            graph.nodes,
            half,
            [described(entry, plain["input"])],
            [described(name, shape) for name, shape in ends.items()],
            list(graph.tensors.values()),
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR,
        producer_name="vae_core",
    )
    checker.check_model(made, full_check=True)
    return made.SerializeToString()


class _Graph:
    """The nodes of ONNX so far, and the tensors that they need."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        self._weights = weights
        self.nodes: list[Any] = []
        self.tensors: dict[str, Any] = {}

    def add(self, each: dict[str, Any], of: list[str], out: str) -> None:
        """The nodes for an operation as `vae_core.models.operations` writes it down."""
        kind = each["kind"]
        if kind == "linear":
            self.node("Gemm", [*of, *self._parameters(each)], out, transB=1)
        elif kind in LOCALLY:
            about = {"strides": each["stride"], "pads": each["padding"] * 2}
            if kind == "conv_transpose":
                about["output_shape"] = each["shape"][1:]  # which padding of the output decides
            self.node(LOCALLY[kind], [*of, *self._parameters(each)], out, **about)
        elif kind == "max_pool":
            self.node("MaxPool", of, out, kernel_shape=each["size"], strides=each["stride"])
        elif kind == "silu":
            self.node("Sigmoid", of, f"{out}_gate")
            self.node("Mul", [*of, f"{out}_gate"], out)
        elif kind == "reshape":
            # 0 stands for as many images as there are.
            shape = self._kept(f"{out}_shape", np.array([0, *each["shape"]], np.int64))
            self.node("Reshape", [*of, shape], out)
        elif kind == "slice":
            self._slice(each, of, out)
        elif kind == "cat":
            self.node("Concat", of, out, axis=1)
        elif kind == "clamp":
            bounds = [
                "" if each[end] is None else self._number(f"{out}_{end}", each[end])
                for end in ("min", "max")
            ]
            self.node("Clip", [*of, *bounds], out)
        elif kind == "logit":
            self.node("Sub", [self._number(f"{out}_one", 1), *of], f"{out}_rest")
            self.node("Div", [*of, f"{out}_rest"], f"{out}_odds")
            self.node("Log", [f"{out}_odds"], out)
        elif kind == "affine":
            self.node("Mul", [*of, self._number(f"{out}_by", each["by"])], f"{out}_times")
            self.node("Add", [f"{out}_times", self._number(f"{out}_plus", each["plus"])], out)
        elif kind == "lattice":
            self._lattice(each, of, out)
        elif kind == "codebook":
            self._codebook(each, of, out)
        else:
            self.node(ELEMENTWISE[kind], of, out)

    def node(self, kind: str, of: list[str], out: str, **about: Any) -> None:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, of, [out], **about))

    def _slice(self, each: dict[str, Any], of: list[str], out: str) -> None:
        ends = {"start": each["start"], "end": each["start"] + each["shape"][0], "axis": 1}
        names = [
            self._kept(f"{out}_{name}", np.array([number], np.int64))
            for name, number in ends.items()
        ]
        self.node("Slice", [*of, *names], out)

    def _lattice(self, each: dict[str, Any], of: list[str], out: str) -> None:
        """To levels that are counted from 0, to the nearest, and back."""
        last = np.array(each["levels"], np.float32).reshape(-1, 1, 1) - 1
        half = self._kept(f"{out}_half", last / 2)
        zero, most = self._number(f"{out}_zero", 0), self._kept(f"{out}_last", last)
        self.node("Mul", [*of, half], f"{out}_scaled")
        self.node("Add", [f"{out}_scaled", half], f"{out}_levels")
        self.node("Max", [f"{out}_levels", zero], f"{out}_least")
        self.node("Min", [f"{out}_least", most], f"{out}_within")
        self.node("Round", [f"{out}_within"], f"{out}_digits")
        self.node("Div", [f"{out}_digits", half], f"{out}_doubled")
        self.node("Sub", [f"{out}_doubled", self._number(f"{out}_one", 1)], out)

    def _codebook(self, each: dict[str, Any], of: list[str], out: str) -> None:
        """The nearest is the one with the largest product less half of its square."""
        codes = self._weights[each["weight"]].float().cpu().numpy()
        kernel = self._kept(f"{out}_kernel", codes[:, :, None, None])
        squares = self._kept(f"{out}_squares", -(codes**2).sum(axis=1) / 2)
        book = self._kept(each["weight"], codes)
        self.node("Conv", [*of, kernel, squares], f"{out}_near")
        self.node("ArgMax", [f"{out}_near"], f"{out}_number", axis=1, keepdims=0)
        self.node("Gather", [book, f"{out}_number"], f"{out}_cells", axis=0)
        self.node("Transpose", [f"{out}_cells"], out, perm=[0, 3, 1, 2])

    def _parameters(self, each: dict[str, Any]) -> list[str]:
        """The names of the weight and, if there is one, of the bias."""
        name = each["weight"]
        weight = self._weights[name].float()
        if "normalised" in each:
            name += "_normalised"
            weight = F.normalize(weight, dim=each["normalised"])
        names = [self._kept(name, weight.cpu().numpy())]
        if each["bias"] is not None:
            bias = self._weights[each["bias"]].float()
            names.append(self._kept(each["bias"], bias.cpu().numpy()))
        return names

    def _number(self, name: str, number: float) -> str:
        return self._kept(name, np.array(number, np.float32))

    def _kept(self, name: str, values: np.ndarray) -> str:
        from onnx import numpy_helper

        self.tensors[name] = numpy_helper.from_array(values, name)
        return name
