"""A model's layers as plain data, for who runs them without PyTorch, such as the page itself.

A model declares nothing: it is run once, on tensors without numbers, and what it calls is written
down. What is not in `OPERATIONS` is an unknown layer.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from ..errors import UsageError
from . import Autoencoder
from .operations import OPERATIONS, Unknown, Weight

FORMAT = 1
BATCH = 3  # images at once: every operation must keep them apart
STORED = (torch.float16, torch.bfloat16, torch.float32)


def layers(model: Autoencoder) -> dict[str, Any]:
    """The operations from images to latents and from latents to pixels, which JSON can hold.

    "encode" and "decode" are as `program` describes them. The outputs of the first are "mean" and,
    of a model whose latents are Gaussian, "log_var"; those of the second "logits" and "pixels".
    A model whose latents are on levels says how many are on each of its "levels".
    A model that can be told one of so many "classes" has "encode_told" and "decode_told" too: the
    same of an input in one row, after which comes a 1 at the class and 0 at all others.

    Raises:
        UsageError: if an operation is none of `OPERATIONS`.

    Example:
        >>> from vae_core.models import build, specify
        >>> plain = layers(build(specify("vanilla", latent_dim=2)))
        >>> [each["kind"] for each in plain["encode"]["operations"]]
        ['reshape', 'linear']
        >>> plain["encode"]["operations"][1]["weight"]
        'encoder.1.weight'
    """

    def encode(twin: Any, images: Tensor) -> dict[str, Tensor]:
        log_var = {"log_var": twin.posterior(images).log_var} if model.has_posterior else {}
        return {"mean": twin.encode(images), **log_var}

    def decode(twin: Any, latents: Tensor) -> dict[str, Tensor]:
        return {"logits": twin.decode_logits(latents), "pixels": twin.decode(latents)}

    image, latents = tuple(model.image_shape), (model.latent_dim,)
    plain = {
        "format": FORMAT,
        "image": list(model.image_shape),
        "drawn": list(model.drawn_shape),
        "latents": model.latent_dim,
        "encode": program(model, image, encode),
        "decode": program(model, latents, decode),
    }
    if model.levels:
        plain["levels"] = list(model.levels)
    if not model.classes:
        return plain
    return plain | {
        "classes": model.classes,
        "encode_told": _told(model, image, encode),
        "decode_told": _told(model, latents, decode),
    }


Run = Callable[[Any, Tensor], dict[str, Tensor]]  # a network and an input -> outputs by name


def _told(model: Autoencoder, shape: tuple[int, ...], run: Run) -> dict[str, Any]:
    sizes = [prod(shape), model.classes]

    def told(twin: Any, values: Tensor) -> dict[str, Tensor]:
        given, one_hot = values.split(sizes, dim=1)
        return run(twin.told(one_hot), given.unflatten(1, shape))

    return program(model, (sum(sizes),), told)


def program(network: nn.Module, shape: tuple[int, ...], run: Run) -> dict[str, Any]:
    """The operations that `run` calls on the network and an input of this shape, in order.

    Value 0 is the input, and value i + 1 what operation i puts out: "of" names those that it
    takes, "shape" is that of its own without the images, and "module" the layer that it belongs
    to. Weights have their names in the network's state. "outputs" are values by name.

    Raises:
        UsageError: if an operation is none of `OPERATIONS`.
    """
    twin = without_numbers(network)
    trace = _Trace(twin)
    values = torch.empty(BATCH, *shape, device="meta")
    trace.knows(values, 0)
    try:
        with torch.no_grad(), trace:
            found = run(twin, values)
            outputs = {name: trace.value(each) for name, each in found.items()}
    except Unknown as error:
        raise UsageError(f"Unknown layer: {error}. {ADVICE}") from error
    except Exception as error:  # a model may do anything with its tensors, such as look at numbers
        raise UsageError(
            f"Unknown layer: what it does depends on more than shapes ({error}). {ADVICE}"
        ) from error
    return {"input": list(shape), "operations": trace.operations, "outputs": outputs}


ADVICE = (
    f"What is known: {', '.join(sorted({each.kind for each in OPERATIONS.values() if each.kind}))}. "
    "The model works all the same, where PyTorch runs it."
)


class _Trace(TorchFunctionMode):
    """Writes down what is called in this thread. Others may use the model meanwhile."""

    def __init__(self, twin: nn.Module) -> None:
        super().__init__()
        self.operations: list[dict[str, Any]] = []
        self._values: dict[int, int] = {}
        self._alive: list[Tensor] = []  # or another tensor would get the same id
        self._weights = {
            id(weight): Weight(name)
            for name, weight in twin.state_dict(keep_vars=True).items()
            if weight.dtype in STORED
        }
        self._module = ""
        for name, module in _parts("", twin):
            module.register_forward_pre_hook(lambda *_, name=name: self._enter(name))
            module.register_forward_hook(lambda *_: self._enter(""))

    def knows(self, tensor: Tensor, value: int) -> None:
        self._values[id(tensor)] = value
        self._alive.append(tensor)

    def value(self, tensor: Any) -> int:
        """The number of a value that came from the input.

        Raises:
            Unknown: if it did not.
        """
        if id(tensor) not in self._values:
            raise Unknown("it computes with numbers that come from nowhere in the picture")
        return self._values[id(tensor)]

    def weight(self, tensor: Any) -> Weight:
        """The name of a weight.

        Raises:
            Unknown: if it is none that a checkpoint holds.
        """
        if id(tensor) not in self._weights:
            raise Unknown("it has weights that are not in its checkpoint")
        return self._weights[id(tensor)]

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        given = kwargs or {}
        listed = args[0] if args and isinstance(args[0], list | tuple) else ()
        touched = [each for each in (*listed, *args, *given.values()) if self._is_ours(each)]
        result = func(*args, **given)
        parts: list[Any] = [*result] if isinstance(result, tuple | list) else [result]
        if not touched or not any(isinstance(each, Tensor) for each in parts):
            return result
        operation = OPERATIONS.get(func)
        if operation is None:
            raise Unknown(f"'{getattr(func, '__name__', func)}'")
        found = operation.describe(self, result, *args, **given)
        if isinstance(found, Weight):
            self._weights[id(parts[0])] = found
            self._alive.append(parts[0])
        else:
            self._write(operation.kind, parts, found)
        return result

    def _write(self, kind: str, parts: Any, found: Any) -> None:
        for tensor, about in zip(parts, found, strict=True):
            if isinstance(about, int):  # the same numbers again
                self.knows(tensor, about)
                continue
            images, *shape = tensor.shape
            if images != BATCH or len(shape) not in (1, 3):
                raise Unknown(f"'{kind}' to the shape {list(tensor.shape)}")
            plain = {"kind": kind, **about, "shape": shape, "module": self._module}
            if plain not in self.operations:  # what is asked for twice is done once
                self.operations.append(plain)
            self.knows(tensor, self.operations.index(plain) + 1)

    def _is_ours(self, tensor: Any) -> bool:
        return id(tensor) in self._values or id(tensor) in self._weights

    def _enter(self, name: str) -> None:
        self._module = name


def without_numbers(network: nn.Module) -> nn.Module:
    """The same network for shapes alone; what somebody hooked into it is left out."""
    tensors = [*network.parameters(), *network.buffers()]
    twin = deepcopy(network, {id(each): _empty(each) for each in tensors})
    return twin.eval()


def _empty(tensor: Tensor) -> Tensor:
    empty = torch.empty_like(tensor, device="meta")
    return nn.Parameter(empty, False) if isinstance(tensor, nn.Parameter) else empty


def _parts(prefix: str, network: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """The layers of a network as `vae_core.interpret.activations` counts them, by name."""
    for name, module in network.named_children():
        path = f"{prefix}{name}"
        if isinstance(module, nn.Sequential):
            yield from _parts(f"{path}.", module)
        else:
            yield path, module
