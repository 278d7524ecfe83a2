"""The command `sweep`: trains a model over a grid of settings."""

import argparse
from pathlib import Path

from ..experiments.sweep import (
    grid,
    sweep,
)
from .train import add_recipe, recipe_of


def add_sweep(parser: argparse.ArgumentParser) -> None:
    """A model, a folder, and several values for any setting."""
    parser.add_argument("model", help="the model that is trained; the flags take several values")
    parser.add_argument("--folder", type=Path, required=True, help="where the runs are kept")
    parser.add_argument("--processes", type=int, default=2, help="runs at once (default: 2)")
    add_recipe(parser, several=True)
    parser.set_defaults(run=run_sweep, like=None)


def run_sweep(arguments: argparse.Namespace) -> None:
    """Trains the whole grid, printing each run as it ends."""
    given = {name: value for name, value in vars(arguments).items() if isinstance(value, list)}
    noise = given.pop("noise", None)  # several kinds are one setting
    varied = {name: values for name, values in given.items() if len(values) > 1}
    fixed = {name: values[0] for name, values in given.items() if len(values) == 1}
    runs = []
    for settings in grid(varied):
        one = argparse.Namespace(**{**vars(arguments), **fixed, **settings, "noise": noise})
        runs.append((settings, recipe_of(one)))
    for point in sweep(arguments.folder, runs, arguments.processes):
        print(f"{point.folder}: rate {point.rate:.2f}, distortion {point.distortion:.2f} nats")
    print(f"Saved {arguments.folder / 'table.md'} and {arguments.folder / 'rate-distortion.svg'}")
