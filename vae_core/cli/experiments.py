"""The command `experiments`: trains, races and measures what the Learn tab shows."""

import argparse
from pathlib import Path

from ..errors import check_name
from ..experiments import catalogue
from ..experiments.measure import measure_missing, prepare
from ..experiments.report import write_page
from ..experiments.train import run_race, train_missing

FAMILIES = {"betas": catalogue.BETA_FAMILY, "sizes": catalogue.SIZES, "tasks": catalogue.TASKS}


def add_experiments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `experiments`: the parts to make, and their folder."""
    parts = [*FAMILIES, "race"]
    parser.add_argument("parts", nargs="*", help=f"some of {', '.join(parts)}; all if none")
    parser.add_argument("--folder", type=Path, default=Path("checkpoints/experiments"))
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.set_defaults(run=run_experiments)


def run_experiments(arguments: argparse.Namespace) -> None:
    """Makes what is missing, and prints each name when it is there."""
    folder, parts = arguments.folder, arguments.parts or [*FAMILIES, "race"]
    for part in parts:
        check_name("part", part, [*FAMILIES, "race"])
    folder.mkdir(parents=True, exist_ok=True)
    for part in parts:
        if part == "race":
            done = run_race(folder, catalogue.RACE, arguments.device)
        else:
            done = train_missing(folder, FAMILIES[part], arguments.device)
        for name in done:
            print(f"trained {name}", flush=True)
    data = prepare(folder.parent / "classifier" / "classifier.safetensors")
    for name in measure_missing(folder, catalogue.NAMES, data):
        print(f"measured {name}", flush=True)
    write_page(folder)
    print(f"Saved {folder / 'README.md'}")
