"""A small digit classifier: it tells whether a reconstruction is still the same digit."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save as to_bytes
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from ..errors import UsageError
from ..files import check_fetched, write_atomically
from ..models.layers import FORMAT, program
from ..types import Bytes, Images

EPOCHS = 6
BATCH = 128


def network() -> nn.Sequential:
    """[b, 1, 28, 28] -> [b, 10] logits."""
    return nn.Sequential(
        nn.Conv2d(1, 32, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64 * 49, 128),
        nn.ReLU(),
        nn.Linear(128, 10),
    )


def train_classifier(images: Bytes, labels: Tensor, seed: int = 0) -> nn.Sequential:
    """A classifier trained on clean digits, shifted by up to two pixels, from `seed`."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = network()
    generator = Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), 2e-3, fused=True)
    steps = EPOCHS * (len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, steps)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(images), generator=generator).split(BATCH):
            if len(rows) < BATCH:
                break
            shift = torch.randint(-2, 3, (2,), generator=generator).tolist()
            batch = (images[rows].float() / 255).roll(shift, dims=(2, 3))
            loss = F.cross_entropy(model(batch), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model.eval().requires_grad_(False)


@torch.inference_mode()
def class_probabilities(model: nn.Sequential, images: Images) -> Tensor:
    """The probability of each class for each image, [b, 10], rows adding to 1.

    Example:
        >>> probabilities = class_probabilities(network(), torch.rand(3, 1, 28, 28))
        >>> probabilities.shape, torch.allclose(probabilities.sum(dim=1), torch.ones(3))
        (torch.Size([3, 10]), True)
    """
    return torch.cat([model(part) for part in images.split(500)]).softmax(dim=1)


@torch.inference_mode()
def features(model: nn.Sequential, images: Images) -> Tensor:
    """What the last layer but one puts out, from which the last one names the class: [b, 128]."""
    return torch.cat([model[:-1](part) for part in images.split(500)])


def layers(model: nn.Sequential) -> dict[str, Any]:
    """The operations of the classifier, which JSON can hold: see `vae_core.models.layers`.

    "classify" goes from an image to "features", what the last layer but one puts out, and "logits".
    """

    def classify(twin: Any, images: Images) -> dict[str, Tensor]:
        seen = twin[:-1](images)
        return {"features": seen, "logits": twin[-1](seen)}

    found = program(model, (1, 28, 28), classify)
    return {"format": FORMAT, "image": [1, 28, 28], "classify": found}


def accuracy(model: nn.Sequential, images: Images, labels: Tensor) -> float:
    """The share of images whose likeliest class is the true one, 0 to 1."""
    return (class_probabilities(model, images).argmax(dim=1) == labels).float().mean().item()


def save_classifier(path: Path, model: nn.Sequential, about: dict[str, float]) -> None:
    """Weights in half precision, with what is known of them."""
    weights = {name: weight.half() for name, weight in model.state_dict().items()}
    write_atomically(path, to_bytes(weights, metadata={"about": json.dumps(about)}))


def load_classifier(path: Path) -> nn.Sequential:
    """The classifier in `path`, frozen.

    Raises:
        UsageError: if the file is missing, not fetched or damaged.
    """
    check_fetched(path)
    try:
        with safe_open(path, framework="pt") as file:
            weights = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        model = network()
        model.load_state_dict(weights)
    except Exception as error:  # as in checkpoints.load_checkpoint
        raise UsageError(
            f"The digit classifier {path} is missing or damaged. Delete it, and "
            "`python -m vae_core evaluate` trains it again."
        ) from error
    return model.eval().requires_grad_(False)
