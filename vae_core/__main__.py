"""The command line: python -m vae_core train | sweep | evaluate | embed | experiments | export | data."""

import argparse
import sys
from pathlib import Path

from .cli.experiments import add_experiments
from .cli.export import add_export
from .cli.sweep import add_sweep
from .cli.train import add_train
from .data import datasets
from .errors import UsageError
from .evaluation.atlas_making import MEASURED, embed
from .evaluation.report import evaluate


def main(words: list[str] | None = None) -> int:
    """Runs one command; 0 if it went well. A usage error is one sentence, not a traceback."""
    parser = argparse.ArgumentParser(prog="python -m vae_core", description=__doc__)
    commands = parser.add_subparsers(required=True)
    add_train(commands.add_parser("train", help="train a model and save it"))
    add_sweep(commands.add_parser("sweep", help="train a model over a grid of settings"))
    add_evaluate(
        commands.add_parser("evaluate", help="measure checkpoints on MNIST's test images")
    )
    add_embed(commands.add_parser("embed", help="map the latents of checkpoints by t-SNE"))
    add_experiments(commands.add_parser("experiments", help="make the models of the Learn tab"))
    add_export(commands.add_parser("export", help="write a checkpoint in another format"))
    add_data(commands.add_parser("data", help="download a data set, or check the files there"))
    arguments = parser.parse_args(words)
    try:
        arguments.run(arguments)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def add_evaluate(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `evaluate`: the checkpoints to measure, and their folder."""
    parser.add_argument("names", nargs="*", help="checkpoints to measure again; all if none")
    parser.add_argument("--folder", type=Path, default=Path("checkpoints"))
    parser.set_defaults(run=run_evaluate)


def add_embed(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `embed`: the checkpoints to map, their folder, and the data set."""
    parser.add_argument(
        "names", nargs="*", help="checkpoints, or pixels, to map again; what is not fresh if none"
    )
    parser.add_argument("--folder", type=Path, default=Path("checkpoints"))
    parser.add_argument(
        "--data", dest="dataset", default="mnist", help=f"one of {', '.join(datasets.DATASETS)}"
    )
    parser.set_defaults(run=run_embed)


def add_data(parser: argparse.ArgumentParser) -> None:
    """Adds the argument of `data`: the data set to have ready."""
    parser.add_argument("name", help=f"one of {', '.join(datasets.DATASETS)}")
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
        pictures = datasets.load(arguments.name, split, download=True)
        count, _, height, width = pictures.images.shape
        print(f"{arguments.name} {split}: {count:,} images of {width}x{height}")


if __name__ == "__main__":
    sys.exit(main())
