"""The command `export`: a checkpoint for who runs it without PyTorch."""

import argparse
from pathlib import Path
from typing import get_args

from ..files import write_output
from ..training.checkpoints import load_checkpoint
from .onnx_graph import Half, onnx_graph

FORMATS = ("onnx",)


def add_export(parser: argparse.ArgumentParser) -> None:
    """The checkpoint, the format and the folder for what is made of it."""
    parser.add_argument("file", type=Path, help="the checkpoint")
    parser.add_argument("--to", choices=FORMATS, required=True, help="the format")
    parser.add_argument(
        "--out", type=Path, help="the folder that gets the files; the checkpoint's if none"
    )
    parser.set_defaults(run=run_export)


def run_export(arguments: argparse.Namespace) -> None:
    """Writes the encoder and the decoder, and says where they are."""
    checkpoint = load_checkpoint(arguments.file)
    folder = arguments.out or arguments.file.parent
    contents = {half: onnx_graph(checkpoint.model, half) for half in get_args(Half)}
    for half, content in contents.items():
        path = folder / f"{checkpoint.name}-{half}.{arguments.to}"
        write_output(path, content)
        print(f"Saved {path}")
