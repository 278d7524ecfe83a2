"""The settings of a training run."""

from dataclasses import dataclass, fields

from ..data.corruption import CORRUPTIONS
from ..data.tasks import TASKS
from ..errors import check_name, check_range
from ..models.distributions import LIKELIHOODS

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
    task: str = (
        "same"  # what goes in and what should come out: a name in `vae_core.data.tasks.TASKS`
    )
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
        check_name("task", self.task, TASKS)
        check_name("precision", self.precision, PRECISIONS)
        for kind in self.noise:
            check_name("corruption", kind, CORRUPTIONS)
