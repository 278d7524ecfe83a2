"""Commands about the page: `python -m playground export site/`. `python app.py` starts it."""

import argparse
import shlex
import sys
from pathlib import Path

from vae_core.errors import UsageError


def main(words: list[str] | None = None) -> None:
    """Runs the command of the command line."""
    options = parse(words)
    from .site import export

    try:
        size = export(options.folder)
    except UsageError as error:
        sys.exit(str(error))
    print(
        f"The site is in {options.folder}: {size / 1e6:.0f} MB. Any web server can show it, such as"
    )
    print(f"python -m http.server --directory {shlex.quote(str(options.folder))}")


def parse(words: list[str] | None = None) -> argparse.Namespace:
    """The words of the command line."""
    parser = argparse.ArgumentParser(prog="python -m playground", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser(
        "export", help="write the page as files, for a web server without Python"
    )
    command.add_argument(
        "folder", type=Path, help="where to: a new folder, or one with an earlier site"
    )
    return parser.parse_args(words)


if __name__ == "__main__":
    main()
