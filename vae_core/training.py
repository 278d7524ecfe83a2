"""Training as a loop you can watch: `train` is a generator, and its caller is in charge."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from math import isfinite
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from .augmentation import jitter
from .corruption import CORRUPTIONS, corrupt
from .cost import LIKELIHOODS
from .errors import UsageError, check_name, check_range
from .metrics import distortion_and_rate, to_floats
from .models import Autoencoder
from .types import Bytes, Images

PRECISIONS = ("auto", "float32", "bfloat16")
CONFIG_RANGES = {
    "epochs": (0, 100_000),
    "batch_size": (1, 65_536),
    "learning_rate": (1e-7, 1.0),
    "weight_decay": (0.0, 10.0),
    "clip": (0.0, 1e9),
    "beta": (0.0, 1000.0),
    "jitter": (0.0, 1.0),
    "noise_max": (0.0, 1.0),
    "seed": (0, 2**31 - 1),
}


@dataclass(frozen=True)
class TrainConfig:
    """Every knob of a run. Equal configs and equal initial weights give equal runs.

    Raises:
        UsageError: if a value is out of range.
    """

    epochs: int = 40  # passes over the training images
    batch_size: int = 256  # images per update
    learning_rate: float = 2e-3  # of AdamW at the top of its one-cycle schedule
    weight_decay: float = 0.0  # of AdamW
    clip: float = 1000.0  # largest norm of a gradient, usually 10 to 1000 nats; 0 lets all pass
    beta: float = 1.0  # weight of the rate; 1 is the ELBO
    likelihood: str = "bernoulli"  # or "gaussian"
    jitter: float = 0.0  # share of the images slightly deformed each time they are seen
    noise: tuple[str, ...] = ()  # kinds of corruption, in equal shares; repeat one to weigh it
    noise_max: float = 0.0  # strengths are uniform between 0 and this
    precision: str = "auto"  # bfloat16 where the processor has it in hardware
    seed: int = 0  # initial weights, order of the images, and all noise

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name in CONFIG_RANGES:
                low, high = CONFIG_RANGES[field.name]
                check_range(
                    field.name, getattr(self, field.name), low, high, type(field.default) is int
                )
        check_name("likelihood", self.likelihood, LIKELIHOODS)
        check_name("precision", self.precision, PRECISIONS)
        for kind in self.noise:
            check_name("corruption", kind, CORRUPTIONS)


class Report(NamedTuple):
    """One epoch: averages in nats per image, while training and on images held out."""

    epoch: int  # 1 after the first
    train_distortion: float
    train_rate: float
    test_distortion: float
    test_rate: float
    images_per_second: float
    seconds_left: float


def best_device(name: str = "auto") -> torch.device:
    """The device called `name`; for `auto` the first there is of cuda, mps, cpu.

    Raises:
        UsageError: if that device is not on this machine.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    there["cpu"] = True
    if name == "auto":
        return torch.device(next(device for device, is_there in there.items() if is_there))
    check_name("device", name, ["auto", *there])
    if not there[name]:
        raise UsageError(f"This machine has no {name} device. Use --device auto or cpu.")
    return torch.device(name)


def faster_in_bfloat16(device: torch.device) -> bool:
    """Whether the processor multiplies bfloat16 in hardware; elsewhere it is emulated, slowly."""
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    if device.type == "cpu":
        # PyTorch 2.9 cannot say, so there it is float32.
        has = getattr(torch.cpu, "get_capabilities", dict)()
        return bool(has.get("avx512_bf16") or has.get("amx_bf16") or has.get("sve_bf16"))
    return False


def noisy(images: Images, config: TrainConfig, generator: Generator) -> Images:
    """The images as a denoiser sees them: an equal part of the batch for each kind of noise."""
    parts: list[Tensor] = []
    for part, kind in zip(images.chunk(len(config.noise)), config.noise, strict=False):
        strength = torch.rand(len(part), generator=generator, device=part.device)
        parts.append(corrupt(part, kind, strength * config.noise_max, generator))
    return torch.cat(parts)


def train(
    model: Autoencoder,
    images: Bytes,
    config: TrainConfig,
    held_out: Bytes,
    device: torch.device | None = None,
) -> Iterator[Report]:
    """Fits `model` in place and yields after each epoch; stop asking, and training stops.

    All images stay on the device as bytes, and a number is read back once an epoch: reading one
    waits for the device.

    Arguments:
        held_out: images never trained on, for the second pair of curves.

    Raises:
        UsageError: if there are no images, or the loss is no longer a number.
    """
    if len(images) == 0 or len(held_out) == 0:
        raise UsageError("There are no images to train on, or none held out to test on.")
    device = device if device is not None else best_device()
    model.fit_before_training(images)
    model.to(device).train()
    images, held_out = images.to(device), held_out.to(device)
    batch = min(config.batch_size, len(images))
    updates = len(images) // batch
    generator = Generator(device).manual_seed(config.seed)
    optimizer = torch.optim.AdamW(
        model.parameters(),
        config.learning_rate,
        weight_decay=config.weight_decay,
        fused=device.type != "mps",
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, config.learning_rate, max(2, config.epochs * updates), pct_start=0.1
    )
    low = config.precision == "bfloat16" or (
        config.precision == "auto" and faster_in_bfloat16(device)
    )
    started = time.monotonic()
    for epoch in range(1, config.epochs + 1):
        totals = torch.zeros(2, device=device)  # distortion, rate
        for rows in torch.randperm(len(images), generator=generator, device=device).split(batch):
            if len(rows) < batch:
                break
            clean = to_floats(images[rows])
            if config.jitter:
                clean = jitter(clean, config.jitter, generator)
            seen = noisy(clean, config, generator) if config.noise else clean
            with torch.autocast(device.type, torch.bfloat16, enabled=low):
                cost = model.cost(seen, clean, config.likelihood, generator)
            optimizer.zero_grad()
            cost.loss(config.beta).backward()
            if config.clip:
                # One image with a huge variance can throw a VAE back by hours.
                torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip)
            optimizer.step()
            schedule.step()
            totals += torch.stack([cost.distortion.mean(), cost.rate.mean()]).detach()
        distortion, rate = (totals / updates).tolist()
        if not (isfinite(distortion) and isfinite(rate)):
            raise UsageError(
                f"The loss overflowed in epoch {epoch}, so this run stops. Try a learning rate "
                f"below {config.learning_rate:g}, or --precision float32."
            )
        if epoch == config.epochs:
            round_weights(model)
        seconds = time.monotonic() - started
        test_distortion, test_rate = distortion_and_rate(
            model, to_floats(held_out), config.likelihood, config.seed
        )
        yield Report(
            epoch,
            distortion,
            rate,
            test_distortion,
            test_rate,
            epoch * updates * batch / seconds,
            seconds / epoch * (config.epochs - epoch),
        )
    if config.epochs == 0:
        round_weights(model)
    model.eval()


@torch.no_grad()
def round_weights(model: Autoencoder) -> None:
    """Rounds the weights to half precision, in which they are stored: half the size on disk."""
    for weight in model.parameters():
        weight.copy_(weight.half())
