"""The command line: python -m vae_core train | evaluate | embed | data."""

import argparse
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from . import checkpoints, data, models, training
from .atlas import MEASURED, embed
from .config import TrainConfig
from .devices import best_device
from .errors import UsageError
from .evaluation import evaluate
from .metrics import worse_than_pca
from .recipes import Recipe, flag
from .training import Report


def main(words: list[str] | None = None) -> int:
    """Runs one command; 0 if it went well. A usage error is one sentence, not a traceback."""
    parser = argparse.ArgumentParser(prog="python -m vae_core", description=__doc__)
    commands = parser.add_subparsers(required=True)
    add_train(commands.add_parser("train", help="train a model and save it"))
    add_evaluate(
        commands.add_parser("evaluate", help="measure checkpoints on MNIST's test images")
    )
    add_embed(commands.add_parser("embed", help="map the codes of checkpoints by t-SNE"))
    add_data(commands.add_parser("data", help="download a data set, or check the files there"))
    arguments = parser.parse_args(words)
    try:
        arguments.run(arguments)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def add_train(parser: argparse.ArgumentParser) -> None:
    """A flag for every model option and every training setting; what is left out has a default."""
    parser.add_argument("model", nargs="?", help=f"one of {', '.join(models.MODELS)}")
    parser.add_argument("--like", type=Path, help="a checkpoint whose recipe to start from")
    parser.add_argument("--out", type=Path, required=True, help="where the checkpoint goes")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--data", dest="dataset", help=f"one of {', '.join(data.DATASETS)}")
    parser.add_argument("--split", help="train, or all: the validation images too")
    for option, (low, high) in models.OPTION_RANGES.items():
        kind = float if option == "sparsity" else int
        parser.add_argument(flag(option), type=kind, help=f"model option, {low:g} to {high:g}")
    for field in fields(TrainConfig):
        many, kind = ("+", str) if field.name == "noise" else (None, type(field.default))
        parser.add_argument(
            flag(field.name), type=kind, nargs=many, help=f"default: {field.default!r}"
        )
    parser.set_defaults(run=run_train)


def add_evaluate(parser: argparse.ArgumentParser) -> None:
    """Which checkpoints to measure, and where they are."""
    parser.add_argument("names", nargs="*", help="checkpoints to measure again; all if none")
    parser.add_argument("--folder", type=Path, default=Path("checkpoints"))
    parser.set_defaults(run=run_evaluate)


def add_embed(parser: argparse.ArgumentParser) -> None:
    """Which checkpoints to map, where they are, and with which pictures."""
    parser.add_argument(
        "names", nargs="*", help="checkpoints, or pixels, to map again; what is not fresh if none"
    )
    parser.add_argument("--folder", type=Path, default=Path("checkpoints"))
    parser.add_argument(
        "--data", dest="dataset", default="mnist", help=f"one of {', '.join(data.DATASETS)}"
    )
    parser.set_defaults(run=run_embed)


def add_data(parser: argparse.ArgumentParser) -> None:
    """Which data set to have ready."""
    parser.add_argument("name", help=f"one of {', '.join(data.DATASETS)}")
    parser.set_defaults(run=run_data)


def run_evaluate(arguments: argparse.Namespace) -> None:
    """Measures checkpoints and prints their numbers."""
    for name, numbers in evaluate(arguments.folder, arguments.names):
        print(name, numbers, flush=True)


def run_embed(arguments: argparse.Namespace) -> None:
    """Makes atlases and prints how far their maps can be trusted."""
    made = 0
    for atlas in embed(arguments.folder, arguments.names, arguments.dataset):
        made += 1
        numbers = {name: atlas.about[name] for name in MEASURED if name in atlas.about}
        print(atlas.name, numbers, flush=True)
    if not made:
        print(f"All in {arguments.folder / 'atlas'} are fresh. Name one to make it again.")


def run_data(arguments: argparse.Namespace) -> None:
    """Downloads what is missing, and counts what is there."""
    for split in ("train", "validation", "test"):
        pictures = data.load(arguments.name, split, download=True)
        print(f"{arguments.name} {split}: {len(pictures.images):,} images of 28x28")


def run_train(arguments: argparse.Namespace) -> None:
    """Trains, saving after each epoch, and says where the weights are."""
    recipe = recipe_of(arguments)
    device = best_device(arguments.device)
    out = arguments.out
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent} to save into. Make it first.")
    images = data.load(recipe.dataset, recipe.split).images
    held_out = data.load(recipe.dataset, recipe.held_out).images
    model = models.build(recipe.model, recipe.config.seed)
    results: dict[str, Any] = {"epoch": 0}
    bar = tqdm(total=recipe.config.epochs, unit="epoch")
    try:
        for report in training.train(model, images, recipe.config, held_out, device):
            results = report._asdict()
            checkpoints.save(out, model, recipe, results)
            bar.set_postfix_str(in_words(report))
            bar.update()
    except KeyboardInterrupt:
        if not results["epoch"]:
            raise UsageError(
                "Stopped before the first epoch was over, so nothing is saved."
            ) from None
        print(f"\nStopped. {out} holds the weights after epoch {results['epoch']}.")
        return
    finally:
        bar.close()
    if recipe.config.epochs == 0:
        checkpoints.save(out, model, recipe, results)
    warning = worse_than_pca(model.cpu(), images, held_out)
    if warning:
        print(f"WARNING: {warning}", file=sys.stderr)
    print(f"Saved {out}")


def recipe_of(arguments: argparse.Namespace) -> Recipe:
    """The recipe that a command line asks for; what it leaves out is at its default."""
    if (arguments.model is None) == (arguments.like is None):
        raise UsageError("Name a model to train, or a checkpoint with --like: one of the two.")
    given = {name: value for name, value in vars(arguments).items() if value is not None}
    options = {name: given[name] for name in models.OPTION_RANGES if name in given}
    settings = {f.name: given[f.name] for f in fields(TrainConfig) if f.name in given}
    if "noise" in settings:
        settings["noise"] = tuple(settings["noise"])
    if arguments.like:
        base = checkpoints.load(arguments.like).recipe
    else:
        base = Recipe(models.ModelSpec(arguments.model, {}))
    return Recipe(
        models.ModelSpec(base.model.name, base.model.options | options),
        given.get("dataset", base.dataset),
        given.get("split", base.split),
        replace(base.config, **settings),
    )


def in_words(report: Report) -> str:
    """What the progress bar says after an epoch: nats per image, rate after distortion."""
    return (
        f"train {report.train_distortion:.2f} + {report.train_rate:.2f}, "
        f"held out {report.test_distortion:.2f} + {report.test_rate:.2f} nats (distortion + rate), "
        f"{report.images_per_second:,.0f} images/s, {report.seconds_left:.0f} s left"
    )


if __name__ == "__main__":
    sys.exit(main())
