"""How fast `vae_core` trains, beside the loop that most tutorials show.

    python benchmarks/train.py

Both train the same network, a variational autoencoder of 784-400-20 numbers, on MNIST's 60,000
training images in batches of 128. The textbook's loop is torchvision's MNIST with ToTensor, a
DataLoader, Adam at 1e-3 in float32, and `loss.item()` after each step. Prints images a second,
then how long each takes until the 10,000 test images first cost 106 nats or less; looking at
them does not count. The share is how much of the machine's throughput of large matrix products, measured
in the same run and precision, the products of a step reach. Needs MNIST in $VAE_DATA_DIR. The last line is one JSON object.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import TypeAlias

sys.path.insert(0, str(Path(__file__).parent.parent))

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vae_core.data import datasets
from vae_core.data.sets.record import data_dir
from vae_core.models import build, specify
from vae_core.models.inference import distortion_and_rate
from vae_core.training.config import TrainConfig
from vae_core.training.devices import best_device, describe
from vae_core.training.objective import faster_in_bfloat16
from vae_core.training.trainer import Trainer
from vae_core.types import to_floats

BATCH = 128
GOAL = 106.0  # nats an image, distortion and rate, on the test images
MOST = 30  # epochs until giving up
SIDE = 2048  # of the matrices whose product tells what the machine can do
LOOK = 117  # batches between two looks at the test images: a quarter of an epoch
EPOCHS = 2  # that vae_core's learning rate is planned for on its way to the goal

# After each batch: the images seen in it, and how to ask what the test images cost.
Run: TypeAlias = Iterator[tuple[int, Callable[[], float]]]


class Textbook(nn.Module):
    """The network as tutorials write it."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(784, 400)
        self.fc21 = nn.Linear(400, 20)
        self.fc22 = nn.Linear(400, 20)
        self.fc3 = nn.Linear(20, 400)
        self.fc4 = nn.Linear(400, 784)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        hidden = F.relu(self.fc1(x))
        mean, log_var = self.fc21(hidden), self.fc22(hidden)
        z = mean + torch.exp(0.5 * log_var) * torch.randn_like(mean)
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z)))), mean, log_var


def textbook_loss(out: tuple[Tensor, Tensor, Tensor], x: Tensor) -> Tensor:
    pixels, mean, log_var = out
    distortion = F.binary_cross_entropy(pixels, x, reduction="sum")
    return distortion - 0.5 * torch.sum(1 + log_var - mean.pow(2) - log_var.exp())


def textbook(device: torch.device, test: Tensor) -> Run:
    """The loop as tutorials write it."""
    from torch.utils.data import DataLoader
    from torchvision import transforms
    from torchvision.datasets import MNIST

    torch.manual_seed(0)
    images = MNIST(data_dir(), train=True, transform=transforms.ToTensor())
    loader = DataLoader(images, batch_size=BATCH, shuffle=True)
    model = Textbook().to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    @torch.no_grad()
    def nats() -> float:
        x = test.to(device).view(-1, 784)
        return textbook_loss(model(x), x).item() / len(x)

    while True:
        for batch, _ in loader:
            x = batch.to(device).view(-1, 784)
            optimizer.zero_grad()
            loss = textbook_loss(model(x), x)
            loss.backward()
            loss.item()
            optimizer.step()
            yield len(x), nats


def ours(device: torch.device, test: Tensor, config: TrainConfig) -> Run:
    """The same of `vae_core`."""
    model = build(specify("vae", latent_dim=20, width=400, depth=1))
    images = datasets.load("mnist", "all").images
    trainer = Trainer(model, images, config, images[:100], device)

    def nats() -> float:
        return sum(distortion_and_rate(model, test.to(device)))

    for _ in range(config.epochs):
        order = torch.randperm(len(images), generator=trainer.generator, device=device)
        for rows in order.split(BATCH)[: trainer.updates]:
            trainer.step(rows, trainer.generator)
            yield len(rows), nats


def throughput(run: Run, seconds: float) -> float:
    """Images a second, after a warm-up of 50 batches."""
    for _ in range(50):
        next(run)
    _finish()
    started, seen = time.monotonic(), 0
    while time.monotonic() - started < seconds:
        seen += next(run)[0]
    _finish()
    return seen / (time.monotonic() - started)


def matrix_throughput(device: torch.device, dtype: torch.dtype, seconds: float) -> float:
    """Floating-point operations a second of large matrix products: the median of those in `seconds`."""
    one, other = torch.rand(2, SIDE, SIDE, device=device).to(dtype)
    found = []
    began = time.monotonic()
    while len(found) < 5 or time.monotonic() - began < seconds:
        _finish()
        started = time.perf_counter()
        one @ other
        _finish()
        found.append(2 * SIDE**3 / (time.perf_counter() - started))
    return median(found)


def products(network: nn.Module) -> int:
    """Floating-point operations of the matrix products of a step, an image.

    Each weight is met three times, to go forward, for its gradient and for that of what comes in,
    which nobody asks of the images.
    """
    layers = [module.weight for module in network.modules() if isinstance(module, nn.Linear)]
    return 2 * (3 * sum(weight.numel() for weight in layers) - layers[0].numel())


def time_to_goal(run: Run) -> tuple[float, float, float]:
    """Seconds of training, epochs, and nats when the test images first cost `GOAL` or less."""
    started, looking, seen = time.monotonic(), 0.0, 0
    found = float("inf")
    for batches, (count, nats) in enumerate(run, start=1):
        seen += count
        if batches % LOOK == 0:
            _finish()
            paused = time.monotonic()
            found = nats()
            looking += time.monotonic() - paused
            if found <= GOAL or seen > MOST * 60_000:
                break
    return time.monotonic() - started - looking, seen / 60_000, found


def _finish() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=15, help="of each throughput run")
    parser.add_argument("--rounds", type=int, default=3, help="alternating throughput runs")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    device = best_device(options.device)
    test = to_floats(datasets.load("mnist", "test").images)

    def fast(epochs: int, precision: str) -> Run:
        config = TrainConfig(
            epochs=epochs, batch_size=BATCH, learning_rate=9e-3, precision=precision
        )
        return ours(device, test, config)

    runs: dict[str, Callable[[int], Run]] = {  # epochs -> a run
        "textbook": lambda _: textbook(device, test),
        "vae_core": lambda epochs: fast(epochs, "auto"),
        "vae_core, float32": lambda epochs: fast(epochs, "float32"),
    }
    speeds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(options.rounds):  # in turns, so that what else the machine does hits all alike
        for name, run in runs.items():
            speeds[name].append(throughput(run(MOST), options.seconds))
    best = {name: median(found) for name, found in speeds.items()}
    auto = torch.bfloat16 if faster_in_bfloat16(device) else torch.float32
    dtypes = dict.fromkeys(runs, torch.float32) | {"vae_core": auto}
    most = {
        dtype: matrix_throughput(device, dtype, options.seconds) for dtype in set(dtypes.values())
    }
    work = products(Textbook())
    shares = {name: best[name] * work / most[dtype] for name, dtype in dtypes.items()}
    goals = {name: time_to_goal(run(EPOCHS)) for name, run in runs.items()}
    report(describe(device), options.threads, best, shares, goals)


def report(machine: str, threads: int, speeds: dict, shares: dict, goals: dict) -> None:
    print(f"{machine}, {threads} threads, batches of {BATCH}; goal {GOAL} nats on the test images")
    print(
        f"{'':>18} {'images/s':>10} {'ratio':>6} {'share':>6} {'to goal':>9} {'sooner':>7} {'epochs':>7}"
    )
    rows = []
    for name, speed in speeds.items():
        seconds, epochs, nats = goals[name]
        ratio = speed / speeds["textbook"]
        sooner = goals["textbook"][0] / seconds
        reached = f"{seconds:7.1f} s" if nats <= GOAL else f"({nats:.1f})"
        print(
            f"{name:>18} {speed:10,.0f} {ratio:5.1f}x {shares[name]:6.0%} {reached:>9} {sooner:6.1f}x {epochs:7.2f}"
        )
        rows.append(
            {
                "name": name,
                "images_per_second": round(speed),
                "ratio": round(ratio, 2),
                "share": round(shares[name], 3),
                "seconds_to_goal": round(seconds, 2),
                "sooner": round(sooner, 2),
                "epochs": round(epochs, 2),
                "nats": round(nats, 2),
            }
        )
    print(json.dumps({"benchmark": "train", "device": machine, "threads": threads, "rows": rows}))


if __name__ == "__main__":
    main()
