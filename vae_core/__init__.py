"""Autoencoders on small pictures: models, training, checkpoints and the numbers they reach.

    from vae_core import MODELS, load_checkpoint, train

These names load PyTorch when they are first used, so that the page can answer before it is there.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checkpoints import load as load_checkpoint
    from .checkpoints import save as save_checkpoint
    from .config import TrainConfig
    from .models import MODELS, build, specify
    from .training import train

WHERE = {
    "MODELS": ("models", "MODELS"),
    "TrainConfig": ("config", "TrainConfig"),
    "build": ("models", "build"),
    "load_checkpoint": ("checkpoints", "load"),
    "save_checkpoint": ("checkpoints", "save"),
    "specify": ("models", "specify"),
    "train": ("training", "train"),
}


def __getattr__(name: str) -> Any:
    if name not in WHERE:
        raise AttributeError(f"module 'vae_core' has no attribute '{name}'")
    module, attribute = WHERE[name]
    return getattr(import_module(f".{module}", __name__), attribute)


__all__ = [
    "MODELS",
    "TrainConfig",
    "build",
    "load_checkpoint",
    "save_checkpoint",
    "specify",
    "train",
]
