"""The operations that a model may be made of to run without PyTorch, and how each is written down.

What describes an operation has the parameters of the function of PyTorch that it stands for.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from .quantisers import nearest_of_codebook, nearest_of_lattice


class Unknown(Exception):
    """An operation that cannot be written down. The text says which."""


class Weight(NamedTuple):
    """A tensor of the checkpoint by its name, or its columns along `normalised`, of length 1."""

    name: str
    normalised: int | None = None


class Names(Protocol):
    """The numbers of values, and the names of weights. Both raise `Unknown`."""

    def value(self, tensor: Any) -> int: ...

    def weight(self, tensor: Any) -> Weight: ...


class Operation(NamedTuple):
    """How one is written down.

    Attributes:
        kind: its name; empty if it leaves no trace.
        describe: names, what it put out and then its arguments in. Out comes what it did, for each
            tensor that it put out, or the number of a value that it is the same as; or a weight.
    """

    kind: str
    describe: Callable[..., list[dict[str, Any]] | list[int] | Weight]


def _pair(numbers: Any) -> list[int]:
    if isinstance(numbers, str):
        raise Unknown(f"padding '{numbers}'")
    return [numbers, numbers] if isinstance(numbers, int) else [*numbers, *numbers][:2]


def _weights(names: Names, weight: Tensor, bias: Tensor | None) -> dict[str, Any]:
    found = names.weight(weight)
    about: dict[str, Any] = {"weight": found.name}
    if found.normalised is not None:
        about["normalised"] = found.normalised
    return {**about, "bias": None if bias is None else names.weight(bias).name}


def _linear(names: Names, _: Tensor, input: Tensor, weight: Tensor, bias: Any = None) -> Any:
    if input.ndim != 2:
        raise Unknown("'linear' of maps")
    return [{"of": [names.value(input)], **_weights(names, weight, bias)}]


def _conv(
    names: Names, _: Tensor, input: Tensor, weight: Tensor, bias: Any = None,
    stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1,
) -> Any:  # fmt: skip
    if groups != 1 or _pair(dilation) != [1, 1]:
        raise Unknown("'conv' in groups or dilated")
    about = {"stride": _pair(stride), "padding": _pair(padding)}
    return [{"of": [names.value(input)], **_weights(names, weight, bias), **about}]


def _conv_transpose(
    names: Names, out: Tensor, input: Tensor, weight: Tensor, bias: Any = None,
    stride: Any = 1, padding: Any = 0, output_padding: Any = 0, groups: int = 1, dilation: Any = 1,
) -> Any:  # fmt: skip
    return _conv(names, out, input, weight, bias, stride, padding, dilation, groups)


def _max_pool(
    names: Names, _: Tensor, input: Tensor, kernel_size: Any, stride: Any = None,
    padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False, return_indices: bool = False,
) -> Any:  # fmt: skip
    if _pair(padding) != [0, 0] or _pair(dilation) != [1, 1] or ceil_mode or return_indices:
        raise Unknown("'max_pool' that is padded or dilated")
    size = _pair(kernel_size)
    return [{"of": [names.value(input)], "size": size, "stride": _pair(stride or size)}]


def _each(names: Names, _: Tensor, input: Tensor, inplace: bool = False) -> Any:
    if inplace and input._is_view():
        raise Unknown("an operation that changes what another one put out")
    return [{"of": [names.value(input)]}]


def _logit(names: Names, _: Tensor, input: Tensor, eps: float | None = None) -> Any:
    if eps is not None:
        raise Unknown("'logit' with eps")
    return [{"of": [names.value(input)]}]


def _clamp(names: Names, _: Tensor, input: Tensor, min: Any = None, max: Any = None) -> Any:
    for bound in (min, max):
        if bound is not None and not isinstance(bound, int | float):
            raise Unknown("'clamp' by tensors")
    return [{"of": [names.value(input)], "min": min, "max": max}]


def _add(names: Names, _: Tensor, input: Tensor, other: Any, alpha: Any = 1) -> Any:
    if _is_number(other):
        return _affine(names, input, plus=alpha * other)
    if alpha != 1 or not isinstance(other, Tensor) or input.shape != other.shape:
        raise Unknown("'add' of different shapes")
    return [{"of": [names.value(input), names.value(other)]}]


def _subtract(names: Names, _: Tensor, input: Tensor, other: Any, alpha: Any = 1) -> Any:
    if not _is_number(other):
        raise Unknown("'sub' of tensors")
    return _affine(names, input, plus=-alpha * other)


def _multiply(names: Names, _: Tensor, input: Tensor, other: Any) -> Any:
    if not _is_number(other):
        raise Unknown("'mul' of tensors")
    return _affine(names, input, by=other)


def _affine(names: Names, input: Tensor, by: float = 1.0, plus: float = 0.0) -> Any:
    return [{"kind": "affine", "of": [names.value(input)], "by": by, "plus": plus}]


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _lattice(names: Names, _: Tensor, maps: Tensor, levels: tuple[int, ...]) -> Any:
    return [{"of": [names.value(maps)], "levels": list(levels)}]


def _codebook(names: Names, _: Tensor, maps: Tensor, codes: Tensor) -> Any:
    return [{"of": [names.value(maps)], "weight": names.weight(codes).name}]


def _reshape(names: Names, out: Tensor, input: Tensor, *_: Any, **__: Any) -> Any:
    value = names.value(input)
    return [value] if out.shape == input.shape else [{"of": [value]}]


def _slices(names: Names, out: Any, input: Tensor, *_: Any, dim: int = 0, **__: Any) -> Any:
    along = _[1] if len(_) > 1 else dim
    if along % input.ndim != 1:
        raise Unknown("'slice' of anything but units or maps")
    sizes = [each.shape[1] for each in out]
    return [{"of": [names.value(input)], "start": sum(sizes[:i])} for i in range(len(sizes))]


def _cat(names: Names, _: Tensor, tensors: Any, dim: int = 0) -> Any:
    if dim % tensors[0].ndim != 1:
        raise Unknown("'cat' of anything but units or maps")
    return [{"of": [names.value(each) for each in tensors]}]


def _same(names: Names, _: Tensor, input: Tensor, *__: Any, **___: Any) -> Any:
    return [names.value(input)]


def _normalise(
    names: Names, _: Tensor, input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12,
    out: Any = None,
) -> Any:  # fmt: skip
    if p != 2 or input.ndim != 2:
        raise Unknown("'normalize' of anything but the columns or rows of a weight")
    return Weight(names.weight(input).name, dim % 2)


def _table() -> dict[Any, Operation]:
    kinds: dict[Operation, tuple[Any, ...]] = {
        Operation("linear", _linear): (F.linear,),
        Operation("conv", _conv): (F.conv2d,),
        Operation("conv_transpose", _conv_transpose): (F.conv_transpose2d,),
        Operation("max_pool", _max_pool): (F.max_pool2d, torch.max_pool2d),
        Operation("silu", _each): (F.silu,),
        Operation("relu", _each): (F.relu, torch.relu, Tensor.relu),
        Operation("tanh", _each): (F.tanh, torch.tanh, Tensor.tanh),
        Operation("sigmoid", _each): (F.sigmoid, torch.sigmoid, Tensor.sigmoid),
        Operation("logit", _logit): (torch.logit, Tensor.logit),
        Operation("clamp", _clamp): (torch.clamp, Tensor.clamp),
        Operation("add", _add): (torch.add, Tensor.add, Tensor.__add__),
        Operation("affine", _subtract): (torch.sub, Tensor.sub, Tensor.__sub__),
        Operation("affine", _multiply): (
            *(torch.mul, Tensor.mul, Tensor.__mul__, Tensor.__rmul__),
        ),
        Operation("lattice", _lattice): (nearest_of_lattice,),
        Operation("codebook", _codebook): (nearest_of_codebook,),
        Operation("reshape", _reshape): (
            *(torch.flatten, Tensor.flatten, torch.unflatten, Tensor.unflatten),
            *(torch.reshape, Tensor.reshape, Tensor.view),
        ),
        Operation("cat", _cat): (torch.cat, torch.concat),
        Operation("slice", _slices): (torch.chunk, Tensor.chunk, torch.split, Tensor.split),
        Operation("", _normalise): (F.normalize,),
        Operation("", _same): (
            *(Tensor.float, Tensor.contiguous, Tensor.clone, Tensor.detach),
            *(F.dropout, F.dropout2d),
        ),
    }
    return {function: operation for operation, found in kinds.items() for function in found}


OPERATIONS = _table()
