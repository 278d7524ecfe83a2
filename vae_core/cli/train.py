"""The command `train`: from flags to a trained checkpoint."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import fields, replace
from functools import cache, partial
from inspect import signature
from math import inf
from pathlib import Path
from typing import Any

from tqdm import tqdm

from .. import models
from ..data import datasets, folders
from ..data.tasks import targets
from ..errors import UsageError
from ..evaluation.baselines import worse_than_pca
from ..training import checkpoints
from ..training.config import TrainConfig
from ..training.distributed import is_main_process, process_group
from ..training.recipe import Recipe, flag, option_bounds, option_readers
from ..training.run import drive, show_untrained
from ..training.run_directory import RunDir
from ..training.trainer import Progress, Report, Trainer

DATA_HELP = (
    f"one of {', '.join(datasets.DATASETS)}; or your own: folder:PATH of photographs, drawings:PATH "
    "of ink on paper"
)


def add_train(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `train`: the model, where it goes, and every setting with its default."""
    parser.add_argument("model", nargs="?", help=f"one of {', '.join(models.MODELS)}")
    parser.add_argument("--like", type=Path, help="a checkpoint whose recipe to start from")
    parser.add_argument("--out", type=Path, help="where the checkpoint goes")
    parser.add_argument(
        "--run-dir",
        type=Path,
        help="keep a run here that can be watched, and that goes on where it was stopped; alone, "
        "it names the run to go on with",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=inf,
        help="train no longer than this, to the end of an epoch; --run-dir alone then goes on",
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    add_recipe(parser)
    parser.set_defaults(run=run_train)


def add_recipe(parser: argparse.ArgumentParser, several: bool = False) -> None:
    """A flag for every model option and every training setting; `several` values to each, or one."""
    numbers = "+" if several else None
    parser.add_argument("--data", dest="dataset", help=DATA_HELP)
    parser.add_argument("--split", help="train, or all: the validation images too")
    for option, reader in option_readers().items():
        bounds = option_bounds(option)
        words = f"model option, {bounds}" if bounds else "model option"
        parser.add_argument(flag(option), type=reader, nargs=numbers, help=words)
    for field in fields(TrainConfig):
        many, kind = ("+", str) if field.name == "noise" else (numbers, type(field.default))
        parser.add_argument(
            flag(field.name), type=kind, nargs=many, help=f"default: {field.default!r}"
        )


def run_train(arguments: argparse.Namespace) -> None:
    """Trains, saving after each epoch, and says where the weights are."""
    run = RunDir(arguments.run_dir) if arguments.run_dir else None
    if run is None and arguments.out is None:
        raise UsageError("Say where the model goes: --out FILE, or --run-dir DIRECTORY.")
    if run is None and arguments.seconds < inf:
        raise UsageError("--seconds needs --run-dir DIRECTORY, which the run goes on from.")
    named = arguments.model is not None or arguments.like is not None
    recipe = run.recipe() if run and not named else recipe_of(arguments)
    if arguments.out and not arguments.out.parent.is_dir():
        raise UsageError(f"There is no folder {arguments.out.parent} to save into. Make it first.")
    if run is None:
        train_on(arguments.device, recipe, arguments.out)
        return
    run.begin(recipe)
    with run.claimed() if is_main_process() else nullcontext():
        try:
            train_on(arguments.device, recipe, arguments.out, run, arguments.seconds)
        except UsageError as error:
            with suppress(OSError):  # a disk that is full may not even hold this
                run.write_status("failed", str(error))
            raise


def train_on(
    device: str, recipe: Recipe, out: Path | None, run: RunDir | None = None, seconds: float = inf
) -> None:
    """Trains on the device called `device`, to the end or until it is stopped or its time is over.

    Raises:
        UsageError: if there is no such device, the data cannot be had, or training fails.
    """
    with process_group(device) as chosen:
        images, labels = datasets.load(recipe.dataset, recipe.split)
        if folders.is_own(recipe.dataset) and is_main_process():
            print(folders.read(recipe.dataset).sentence, file=sys.stderr)
        held_out, held_out_labels = datasets.load(recipe.dataset, recipe.held_out)
        model = models.build(recipe.model, recipe.config.seed)
        model.check_images(images, f"'{recipe.model.name}'")
        if run and is_main_process():
            show_untrained(
                model, run, recipe, targets(recipe.config.task, images, labels), held_out
            )
        trainer = Trainer(model, images, recipe.config, held_out, chosen, labels, held_out_labels)
        verdict = cache(partial(_verdict, trainer, recipe))
        reports = drive(trainer, run, recipe, verdict, seconds) if run else trainer.run()
        if trainer.rank > 0:
            out = None
        saved = follow(trainer, reports, recipe, out, run)
        if trainer.rank == 0:
            finish(trainer, recipe, saved, out, run, verdict)


def follow(
    trainer: Trainer,
    reports: Iterator[Progress | Report],
    recipe: Recipe,
    out: Path | None,
    run: RunDir | None,
) -> int:
    """Lets the training go on to its end or to Ctrl-C, saving each epoch; the last one saved."""
    saved = trainer.epoch
    # A run directory tells it all; a bar in the log of a trainer that nobody sees only fills it.
    unseen = run is not None and not sys.stderr.isatty()
    bar = tqdm(total=recipe.config.epochs, unit="epoch", disable=trainer.rank > 0 or unseen)
    try:
        for report in reports:
            bar.n = trainer.epoch
            if not isinstance(report, Report):
                continue
            if out:
                checkpoints.save_checkpoint(out, trainer.model, recipe, report._asdict())
            saved = report.epoch
            bar.set_postfix_str(in_words(report))
    except KeyboardInterrupt:
        if run:
            saved = run.epoch()  # short epochs are not saved one by one
            run.write_status("stopped", f"Interrupted after epoch {saved}.")
        if not saved:
            raise UsageError(
                "Stopped before the first epoch was over, so nothing is saved."
            ) from None
    finally:
        bar.close()
    return saved


def finish(
    trainer: Trainer,
    recipe: Recipe,
    saved: int,
    out: Path | None,
    run: RunDir | None,
    verdict: Callable[[], str],
) -> None:
    """Says where the weights are, and by the verdict whether they are any good."""
    where = out or (run and run.checkpoint)
    if saved < recipe.config.epochs:
        print(f"Stopped. {where} holds the weights after epoch {saved}.")
        return
    if recipe.config.epochs == 0:
        for path in filter(None, (out, run and run.checkpoint)):
            checkpoints.save_checkpoint(path, trainer.model, recipe, {"epoch": 0})
    if verdict():
        print(f"WARNING: {verdict()}", file=sys.stderr)
    print(f"Saved {where}")


def _verdict(trainer: Trainer, recipe: Recipe) -> str:
    """What is wrong with a model that has trained to the end; "" if nothing is."""
    # Principal components draw their own input again, and have nothing to say of other tasks.
    if recipe.config.task != "same":
        return ""
    images, held_out = trainer.images.cpu(), trainer.held_out.cpu()
    return worse_than_pca(trainer.model.cpu(), images, held_out) or ""


def recipe_of(arguments: argparse.Namespace) -> Recipe:
    """The recipe that a command line asks for; what it leaves out is at its default."""
    if (arguments.model is None) == (arguments.like is None):
        raise UsageError("Name a model to train, or a checkpoint with --like: one of the two.")
    given = {name: value for name, value in vars(arguments).items() if value is not None}
    options = {name: given[name] for name in option_readers() if name in given}
    settings = {f.name: given[f.name] for f in fields(TrainConfig) if f.name in given}
    if "noise" in settings:
        settings["noise"] = tuple(settings["noise"])
    if arguments.like:
        base = checkpoints.load_checkpoint(arguments.like).recipe
    else:
        base = Recipe(models.ModelSpec(arguments.model, {}))
    dataset = folders.located(given.get("dataset", base.dataset))
    if not arguments.like:
        options = _fitting(base.model.name, dataset) | options
    return Recipe(
        models.ModelSpec(base.model.name, base.model.options | options),
        dataset,
        given.get("split", base.split),
        replace(base.config, **settings),
    )


def _fitting(model: str, dataset: str) -> dict[str, Any]:
    """The options of a model that its data set decides: the shape of images, and their classes."""
    known = datasets.DATASETS.get(dataset)
    if known is None or model not in models.MODELS:
        return {}
    decided: dict[str, Any] = {"image_shape": known.shape}
    if "classes" in signature(models.MODELS[model]).parameters:
        decided["classes"] = len(known.classes)
    return decided


def in_words(report: Report) -> str:
    """The words of the progress bar after an epoch: nats per image, rate after distortion."""
    return (
        f"train {report.train_distortion:.2f} + {report.train_rate:.2f}, "
        f"held out {report.held_out_distortion:.2f} + {report.held_out_rate:.2f} nats (distortion + rate), "
        f"{report.images_per_second:,.0f} images/s, {report.seconds_left:.0f} s left"
    )
