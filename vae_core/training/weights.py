"""The tensors of a checkpoint: whether they are those of a model, and how they are stored."""

from hashlib import sha256

import torch
from torch import Tensor

from ..models import MODELS, Autoencoder, ModelSpec, build


def _outline(spec: ModelSpec) -> Autoencoder:
    """The model without its weights: nothing is allocated."""
    with torch.device("meta"):
        return MODELS[spec.name](**spec.options)


def check_shapes(spec: ModelSpec, found: dict[str, tuple[int, ...]]) -> None:
    """Refuses a file before any tensor is read, unless its tensors are those of the model.

    Raises:
        ValueError: if one is missing, of another shape, or too many.
    """
    wanted = {name: tuple(weight.shape) for name, weight in _outline(spec).state_dict().items()}
    if wanted != found:
        raise ValueError("tensors of another model")


def with_weights(spec: ModelSpec, weights: dict[str, Tensor]) -> Autoencoder:
    """The model with these weights. Nothing is allocated before they are known to fit.

    Raises:
        ValueError: if one is not made of finite numbers, or not of the kind that the model has.
        RuntimeError: if one is missing, of another shape, or too many.
    """
    model = _outline(spec)
    kinds = {name: weight.dtype for name, weight in model.state_dict().items()}
    full = {name: weight.to(kinds.get(name, weight.dtype)) for name, weight in weights.items()}
    model.load_state_dict(full, assign=True)
    for name, weight in weights.items():
        rounded = (weight.dtype, kinds[name]) == (torch.float16, torch.float32)
        if weight.dtype != kinds[name] and not rounded:
            raise ValueError(f"{name} has numbers of another kind")
        if not weight.isfinite().all():
            raise ValueError(f"{name} is not made of finite numbers")
    if any(buffer.is_meta for buffer in model.buffers()):  # one that the model makes, not the file
        model = build(spec)
        model.load_state_dict(full)
    return model


def compact(weight: Tensor) -> Tensor:
    """A copy in half precision where that holds it exactly."""
    weight = weight.detach().cpu().contiguous()
    if weight.dtype != torch.float32:
        return weight.clone()
    half = weight.half()
    return half if torch.equal(half.float(), weight) else weight.clone()


def checksum(weights: dict[str, Tensor]) -> str:
    """What tells these weights from others."""
    digest = sha256()
    for name in sorted(weights):
        weight = weights[name]
        digest.update(f"{name} {weight.dtype} {list(weight.shape)}".encode())
        digest.update(weight.flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
