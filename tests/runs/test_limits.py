"""What a run may cost holds wherever it comes from: a form, a file, or a run of before."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from playground.gate.limited import FIRST, goes_first
from playground.runs import process
from playground.runs.cost import memory_of, size_of
from playground.runs.jobs import Jobs
from playground.runs.limits import HOSTED, Limits
from playground.runs.trainers import supervisor, trainer
from tests.own import Own
from tests.support.forked import Forked
from tests.support.training import ME, OPTIONS, Pretended, recipe
from vae_core.errors import UsageError
from vae_core.models import MODELS, build, specify
from vae_core.training import checkpoints
from vae_core.training.config import TrainConfig
from vae_core.training.recipe import Recipe
from vae_core.training.run_directory import RunDir

SCORE = "/proc/self/oom_score_adj"


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Jobs]]:
    pretended = Pretended()
    monkeypatch.setattr(process, "spawn", pretended)
    monkeypatch.setattr(supervisor, "LOOK", 1000.0)
    every: list[Jobs] = []

    def open_jobs(limits: Limits = HOSTED) -> Jobs:
        every.append(Jobs(tmp_path / "runs", limits))
        return every[-1]

    yield open_jobs
    for jobs in every:
        jobs.close()
    for child in pretended.processes:
        child.kill()
        child.wait()


def wide(name: str = "vae", **options: Any) -> Recipe:
    """A recipe beside the usual small one."""
    return Recipe(specify(name, **(OPTIONS | options)), "digits", "train", TrainConfig(epochs=1))


BEYOND: dict[str, tuple[Recipe, str]] = {
    "many images": (recipe(epochs=100_000), "would look at"),
    "many parameters": (wide(width=2048, depth=3), "parameters"),
    "much memory": (
        Recipe(
            specify("conv", width=32, depth=1, latent_dim=2), "digits", "train", TrainConfig(4)
        ),
        "of memory",
    ),
    "no epochs": (recipe(epochs=0), "epochs must be a whole number from 1"),
    "much noise": (recipe(noise=("blur",) * 17, noise_max=0.5), "17"),
    "another task": (
        Recipe(
            specify("conv", latent_dim=2, width=4), "digits", "train", TrainConfig(task="segment")
        ),
        "the task 'segment' cannot be trained",
    ),
}


@pytest.mark.parametrize(("asked", "words"), BEYOND.values(), ids=BEYOND)
def test_what_is_beyond_a_limit_is_not_started(
    asked: Recipe, words: str, opened: Callable[..., Jobs]
) -> None:
    jobs = opened(replace(HOSTED, memory=100))
    with pytest.raises(UsageError, match=words):
        jobs.start(ME, asked)
    assert jobs.runs(ME) == []


def test_a_rewound_upload_keeps_to_the_limits(opened: Callable[..., Jobs]) -> None:
    jobs, made = opened(), recipe(epochs=100_000, batch_size=65_536)
    id = jobs.adopt(ME, "mine", checkpoints.packed("x", build(made.model), made, {}))
    with pytest.raises(UsageError, match="on this page a run may look at 10,000,000"):
        jobs.rewind(ME, id)
    assert [run.id for run in jobs.runs(ME)] == [id]


def test_a_run_of_an_open_page_does_not_go_on_without_limits(opened: Callable[..., Jobs]) -> None:
    jobs = opened(replace(HOSTED, images=None))
    id = jobs.start(ME, recipe(epochs=100_000))
    jobs.request(ME, id, "stop")
    jobs.trainers.end(id)
    jobs.get(ME, id).files.write_status("stopped")
    jobs.close()
    with pytest.raises(UsageError, match="would look at"):
        opened().control(ME, id, "resume")


def test_a_model_that_is_too_large_is_not_taken(opened: Callable[..., Jobs]) -> None:
    made = wide(width=64)
    content = checkpoints.packed("x", build(made.model), made, {})
    jobs = opened(replace(HOSTED, parameters=1000))
    with pytest.raises(UsageError, match="on this page a model may have 1,000"):
        jobs.adopt(ME, "mine", content)
    assert jobs.runs(ME) == []


def test_memory_grows_with_what_it_is_taken_by() -> None:
    def megabytes(name: str, batch: int, width: int, images: int = 60_000) -> float:
        made = Recipe(
            specify(name, width=width, depth=2), "digits", "train", TrainConfig(batch_size=batch)
        )
        return memory_of(made, images) / 1e6

    assert megabytes("vae", 256, 512) < megabytes("vae", 4096, 512) < megabytes("vae", 4096, 2048)
    assert megabytes("conv", 65_536, 32) > 30_000  # of which it takes more than a machine has
    assert megabytes("conv", 65_536, 32, images=1000) < 2000  # no batch is larger than the data
    # Seen on a calm machine: 547 MB and 172 MB.
    assert 500 < megabytes("conv", 500, 32, images=500) < 1500
    assert 150 < megabytes("vae", 8000, 64, images=8000) < 500


def test_a_size_is_of_the_whole_model() -> None:
    made = recipe()
    model = build(made.model)
    assert size_of(made).parameters == sum(each.numel() for each in model.parameters())
    assert size_of(made).outputs > 784


def test_a_trainer_ends_where_it_takes_more_memory_than_it_may(tmp_path: Path) -> None:
    made = Recipe(specify("conv", width=64), "digits", "train", TrainConfig(batch_size=1000))
    RunDir(tmp_path).begin(made)
    words = ["--memory", "1", "train", "--run-dir", str(tmp_path), "--device", "cpu"]
    child = Forked(words, tmp_path / "log.txt", program=trainer.main)
    assert child.wait() not in (0, None)
    assert "The memory is full" in process.in_words(tmp_path / "log.txt")


def tell_score(_: list[str]) -> int:
    print(Path(SCORE).read_text(), flush=True)
    return 0


@pytest.mark.skipif(not Path(SCORE).exists(), reason="a kernel without it")
def test_the_kernel_ends_a_trainer_before_the_page(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    child = Forked([], log, goes_first, tell_score)
    assert child.wait() == 0 and int(log.read_text()) == FIRST


def test_layers_that_a_single_picture_does_not_suit_are_counted_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(MODELS, "own", Own)  # whose batches are normalised
    found = size_of(Recipe(specify("own", latent_dim=7), "digits"))
    assert found.parameters == sum(weight.numel() for weight in Own(latent_dim=7).parameters())
    assert found.outputs >= 784 + 7
