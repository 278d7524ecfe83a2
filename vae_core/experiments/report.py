"""The page beside the Learn tab's models: their numbers, and the command that trains each."""

import json
from pathlib import Path
from typing import Any

from ..evaluation.metrics import psnr_db
from ..files import write_atomically
from . import catalogue

INTRODUCTION = """\
# The models of the Learn tab

Trained on the 60,000 training images of MNIST and measured on its {n_images:,} test images by
`python -m vae_core experiments`, which writes this page, `metrics.json` and the race, and trains
nothing again that is here.
"""
LEGEND = """\
MSE is the mean squared error of a pixel, white being 1, and PSNR the same in dB; "8 bits" is the
MSE after each number of the code was stored in one byte, between its smallest and largest value
over the training images. Distortion (Bernoulli likelihood on grey pixels, z drawn from the
posterior) and rate are in nats an image. Keep is the share of reconstructions that the digit
classifier in `checkpoints/classifier` still gives the true class. Seed {seed}.
"""
SIZES = """\
## Code sizes

All of PCA is in one file: its first components are the principal components of fewer.
"""
BETAS = """\
## Maps at different beta
"""
COLOUR = """\
## Grey in, colour out

PSNR is over all pixels and the three channels. "Right" is the share of test images whose colour,
fitted to the picture by least squares, is nearest to that of their class.
"""
SEGMENT = """\
## The stroke in front of clutter

Intersection over union (IoU) of the pixels found with the true stroke, averaged over the test
images, by the strength of the clutter. "Best threshold" is the brightness that suits each image
best, chosen knowing the answer; "one threshold" the one that suits all images best.
"""
FILES = """\
## The same test images as files

Averages by Pillow {pillow}. "Data" leaves out what is the same in every such file of a picture of
this size: of a JPEG all but the entropy-coded scan by the standard's own Huffman tables (the whole
file has tables made for the picture), of a PNG all but the content of IDAT.
"""
RACE = """\
## The race

Nats an image, Bernoulli likelihood: on the training images while training, and on the test
images. Seconds are those of this one run, on a machine that had other work too. `race.json` has
every epoch, `race.npz` ten example digits as each run drew them at these epochs.
"""
HEAD = ["model", "parameters", "MSE", "PSNR", "8 bits", "distortion", "rate", "keep"]


def write_page(folder: Path) -> None:
    """Writes `README.md` in `folder` from what `metrics.json` and `race.json` there say."""
    race = folder / "race.json"
    page = in_markdown(
        json.loads((folder / "metrics.json").read_text()),
        json.loads(race.read_text()) if race.exists() else {},
    )
    write_atomically(folder / "README.md", page.encode())


def in_markdown(table: dict[str, Any], race: dict[str, Any]) -> str:
    """The page for what was measured, and for the race; what is missing of either is left out."""
    sized = [name for by_size in catalogue.SIZED.values() for name in by_size.values()]
    betas = list(catalogue.BETA_FAMILY)
    parts = [INTRODUCTION.format(**table), LEGEND.format(**table)]
    for title, names in ((SIZES, sized), (BETAS, betas)):
        rows = [_row(name, table["models"][name]) for name in names if name in table["models"]]
        if rows:
            parts += [title, _table(HEAD, rows)]
    parts += _tasks(table["models"])
    files = [
        [f"`{name}`", f"{n['bytes']:.0f}", f"{n['data_bytes']:.0f}", f"{n['mse']:.5f}", _db(n)]
        for name, n in table["files"].items()
    ]
    parts += [FILES.format(**table), _table(["file", "bytes", "data", "MSE", "PSNR"], files)]
    if race:
        parts += [RACE, _table(*_race(race))]
    parts += ["## How each was trained\n", "```\n" + "\n".join(_commands(table, race)) + "\n```\n"]
    return "\n".join(parts)


def _row(name: str, n: dict[str, Any]) -> list[str]:
    return [
        f"`{name}`",
        f"{n['parameters']:,}",
        f"{n['mse']:.5f}",
        _db(n),
        f"{n['mse_8bit']:.5f}",
        f"{n['distortion_nats']:.2f}",
        f"{n['rate_nats']:.2f}",
        f"{n['keep_rate']:.1%}",
    ]


def _tasks(models: dict[str, Any]) -> list[str]:
    parts = []
    if n := models.get("colour"):
        right = f"{n['nearest_is_right']:.1%}"
        row = ["`colour`", f"{n['parameters']:,}", f"{n['psnr_db']:.2f}", right]
        parts += [COLOUR, _table(["model", "parameters", "PSNR", "right"], [row])]
    if n := models.get("segment"):
        names = {"iou": "`segment`", "iou_best_threshold": "best threshold"}
        names |= {"iou_one_threshold": "one threshold"}
        rows = [
            [strength, *(f"{numbers[name]:.1%}" for name in names)]
            for strength, numbers in n["clutter"].items()
        ]
        parts += [SEGMENT, _table(["clutter", *names.values()], rows)]
    return parts


def _race(race: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    nats = ["train_distortion", "train_rate", "test_distortion", "test_rate"]
    head = ["run", "parameters", "epoch", "seconds", *(each.replace("_", " ") for each in nats)]
    return head, [
        [
            name,
            f"{run['parameters']:,}",
            f"{line['epoch']}",
            f"{line['seconds']:.0f}",
            *(f"{line[each]:.2f}" for each in nats),
        ]
        for name, run in race.items()
        for line in run["epochs"]
        if line["epoch"] in run["snapshots"]
    ]


def _commands(table: dict[str, Any], race: dict[str, Any]) -> list[str]:
    ours = [
        recipe.command(f"checkpoints/experiments/{name}.safetensors")
        for name, recipe in catalogue.FILES.items()
        if name in table["models"]
    ]
    return [*ours, *(run["command"] for run in race.values())]


def _db(n: dict[str, Any]) -> str:
    return f"{psnr_db(n['mse']):.2f}" if n["mse"] else "no error"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
