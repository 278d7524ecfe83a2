"""Training as a loop you can watch: `train` is a generator, and its caller is in charge."""

import time
from collections.abc import Iterator
from math import inf
from typing import Any, NamedTuple

import torch
from torch import Generator, Tensor, nn

from ..data.tasks import pairs, targets
from ..errors import UsageError
from ..models import Autoencoder
from ..models.inference import distortion_and_rate
from ..types import Bytes, to_floats
from .config import TrainConfig
from .devices import best_device
from .distributed import average, rank_and_world_size
from .objective import Objective
from .optimizer import AdamW

DIVERGED_LOSS = 1e6  # nats an image; a coin tossed for each of 784 pixels costs 543
SEED_STRIDE = 7919  # between the seeds of two processes, or of two epochs


class Progress(NamedTuple):
    """The place of a run within an epoch: averages in nats per image since the last one."""

    epoch: float  # 1.25 is a quarter of the way through the second
    train_distortion: float
    train_rate: float
    images_per_second: float
    seconds_left: float


class Report(NamedTuple):
    """One epoch: averages in nats per image, while training and on images held out."""

    epoch: int  # 1 after the first
    train_distortion: float
    train_rate: float
    held_out_distortion: float
    held_out_rate: float
    images_per_second: float
    seconds_left: float


class Trainer:
    """A run in progress, an epoch at a time. `state` and `restore` carry it over a restart.

    All images stay on the device as bytes, and numbers are read back only for a report:
    reading one waits for the device. Where `torch.distributed` is initialised, each process takes
    its share of every batch, and PyTorch averages the gradients.

    Attributes:
        epoch: whole epochs done.

    Arguments:
        held_out: images never trained on, for the second pair of curves.
        labels: the classes of the images, [n], which some tasks and some models ask for.
        held_out_labels: the same of the images held out.

    Raises:
        UsageError: if there are no images, or they do not fit the model, the task or the model needs labels
            that are not there, or a batch cannot be shared out evenly.
    """

    def __init__(
        self,
        model: Autoencoder,
        images: Bytes,
        config: TrainConfig,
        held_out: Bytes,
        device: torch.device | None = None,
        labels: Tensor | None = None,
        held_out_labels: Tensor | None = None,
    ) -> None:
        if len(images) == 0 or len(held_out) == 0:
            raise UsageError("There are no images to train on, or none held out to test on.")
        model.check_images(images)
        model.check_images(held_out)
        model.check_labels(labels)
        model.check_labels(held_out_labels)
        self.config = config
        self.device = device if device is not None else best_device()
        self.model = model
        model.fit_before_training(targets(config.task, images, labels))
        if config.epochs == 0:
            round_weights(model)
        model.to(self.device).train()
        self.images, self.held_out = images.to(self.device), held_out.to(self.device)
        self.labels = None if labels is None else labels.to(self.device)
        self.held_out_labels = None if held_out_labels is None else held_out_labels.to(self.device)
        self.batch = min(config.batch_size, len(images))
        self.updates = len(images) // self.batch
        self.epoch = 0
        self.seconds = 0.0  # spent training
        self.rank, self.processes = rank_and_world_size()
        if self.batch % self.processes:
            raise UsageError(
                f"A batch of {self.batch} images cannot be shared by {self.processes} processes. "
                f"Choose a --batch-size that divides by {self.processes}."
            )
        self.generator = Generator(self.device).manual_seed(config.seed)
        objective = Objective(model, config)
        self.objective: nn.Module = objective
        if self.processes > 1 and config.epochs:
            self.objective = nn.parallel.DistributedDataParallel(objective)
        self.optimizer = AdamW(
            model.parameters(),
            config.learning_rate,
            weight_decay=config.weight_decay,
            fused=self.device.type != "mps",
        )
        # A warm-up of a tenth has no length at 10 steps, and PyTorch then divides by zero.
        steps = max(11, config.epochs * self.updates)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer, config.learning_rate, steps, pct_start=0.1, anneal_strategy="linear"
        )

    def run_epoch(self, every: float = inf) -> Iterator[Progress | Report]:
        """Trains one epoch: Progress every so many seconds if this process is alone, then a Report.

        Raises:
            UsageError: if the loss is no longer a number, or absurd.
        """
        self.model.train()
        started = reported = time.monotonic()
        whole = torch.zeros(2, device=self.device)  # distortion, rate
        recent, count = torch.zeros_like(whole), 0
        order = torch.randperm(len(self.images), generator=self.generator, device=self.device)
        noise = self.noise()
        for update, rows in enumerate(order.split(self.batch)[: self.updates], start=1):
            parts = self.step(rows[self.rank :: self.processes], noise)
            whole += parts
            recent += parts
            count += 1
            if self.processes > 1 or update == self.updates:
                continue  # processes whose clocks differ would wait for each other for ever
            if time.monotonic() - reported >= every:
                now = time.monotonic()
                distortion, rate = self.numbers(recent / count)
                share = update / self.updates
                yield Progress(
                    self.epoch + share, distortion, rate, *self.speed(now - started, share)
                )
                reported = time.monotonic()
                recent, count = torch.zeros_like(whole), 0
                started += reported - now  # what the caller does with it is not training
        distortion, rate = self.numbers(whole / self.updates)
        self.epoch += 1
        if self.epoch == self.config.epochs:
            round_weights(self.model)
        self.seconds += time.monotonic() - started
        held_out = self.evaluate_held_out()
        yield Report(self.epoch, distortion, rate, *held_out, *self.speed(0, 0))

    def evaluate_held_out(self) -> tuple[float, float]:
        """Distortion and rate of the images held out, without noise, in nats per image."""
        config, generator = self.config, Generator(self.device).manual_seed(self.config.seed)
        clean = to_floats(self.held_out)
        seen, wanted = pairs(config.task, clean, self.held_out_labels, generator)
        return distortion_and_rate(
            self.model, seen, config.likelihood, config.seed, wanted, self.held_out_labels
        )

    def noise(self) -> Generator:
        """The generator of the next epoch's noise: all processes shuffle alike, none shares noise."""
        if self.processes == 1:
            return self.generator
        seed = self.config.seed + SEED_STRIDE * (self.rank + 1 + self.processes * self.epoch)
        return Generator(self.device).manual_seed(seed)

    def run(self) -> Iterator[Progress | Report]:
        """Trains to the last epoch of the configuration."""
        while self.epoch < self.config.epochs:
            yield from self.run_epoch()

    def step(self, rows: Tensor, noise: Generator) -> Tensor:
        """One update on these images; [distortion, rate], still on the device."""
        clean = to_floats(self.images.index_select(0, rows))
        labels = None if self.labels is None else self.labels.index_select(0, rows)
        loss, parts = self.objective(clean, noise, labels)
        self.optimizer.zero_grad()
        loss.backward()
        if self.config.clip:
            # One image with a huge variance can throw a VAE back by hours.
            nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip)
        self.optimizer.step()
        self.schedule.step()
        return parts

    def numbers(self, parts: Tensor) -> list[float]:
        """Distortion and rate as numbers, averaged over the processes."""
        if self.processes > 1:
            parts = average(parts)
        found = parts.tolist()
        if not parts.isfinite().all() or sum(found) > DIVERGED_LOSS:
            raise UsageError(
                f"The loss overflowed in epoch {self.epoch + 1}, so this run stops: an image cost "
                f"{sum(found):.3g} nats. Try a learning rate below {self.config.learning_rate:g}, "
                "or --precision float32."
            )
        return found

    def speed(self, seconds: float, share: float) -> tuple[float, float]:
        """Images a second so far, and the seconds left, `share` of an epoch further on."""
        done, spent = self.epoch + share, self.seconds + seconds
        images = done * self.updates * self.batch
        return images / max(spent, 1e-9), spent / done * (self.config.epochs - done)

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """All it takes to go on from here: tensors, and plain numbers."""
        moments = {
            f"{index} {name}": value
            for index, values in self.optimizer.state_dict()["state"].items()
            for name, value in values.items()
        }
        weights = {f"weight {name}": value for name, value in self.model.state_dict().items()}
        random = {"random": self.generator.get_state()}
        plain = {
            "epoch": self.epoch,
            "seconds": self.seconds,
            "groups": self.optimizer.state_dict()["param_groups"],
            "schedule": self.schedule.state_dict(),
        }
        return {**moments, **weights, **random}, plain

    def restore(self, tensors: dict[str, Tensor], plain: dict[str, Any]) -> None:
        """Goes on from what `state` gave: the same numbers as without the stop, bit for bit."""
        moments: dict[int, dict[str, Tensor]] = {}
        weights = {}
        for name, value in tensors.items():
            first, _, last = name.partition(" ")
            if first == "weight":
                weights[last] = value
            elif last:
                moments.setdefault(int(first), {})[last] = value
        self.model.load_state_dict(weights)
        self.optimizer.load_state_dict({"state": moments, "param_groups": plain["groups"]})
        self.schedule.load_state_dict(plain["schedule"])
        self.generator.set_state(tensors["random"])
        self.epoch, self.seconds = plain["epoch"], plain["seconds"]


def train(
    model: Autoencoder,
    images: Bytes,
    config: TrainConfig,
    held_out: Bytes,
    device: torch.device | None = None,
    labels: Tensor | None = None,
    held_out_labels: Tensor | None = None,
) -> Iterator[Report]:
    """Fits `model` in place and yields after each epoch; stop asking, and training stops.

    Arguments and errors are those of `Trainer`.

    Example:
        >>> from vae_core.models import build, specify
        >>> images = torch.zeros(64, 1, 28, 28, dtype=torch.uint8)
        >>> model = build(specify("vanilla", latent_dim=2, width=8))
        >>> config = TrainConfig(epochs=2, batch_size=32)
        >>> [report.epoch for report in train(model, images, config, images[:8], torch.device("cpu"))]
        [1, 2]
    """
    trainer = Trainer(model, images, config, held_out, device, labels, held_out_labels)
    for report in trainer.run():
        if isinstance(report, Report):
            yield report
    model.eval()


@torch.no_grad()
def round_weights(model: Autoencoder) -> None:
    """Rounds the weights to half precision, in which they are stored: half the size on disk."""
    for weight in model.parameters():
        weight.copy_(weight.half())
