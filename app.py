"""Start the page: `python app.py`, then open the address that it prints."""

import argparse
import os
import sys


def main() -> None:
    """Runs the page until it is stopped."""
    options = parse(sys.argv[1:])
    # A digit is too small to share out: several threads would mostly wait for each other. The
    # libraries read this when they are imported, so it comes first.
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    from playground.server.serve import serve

    serve(**vars(options))


def parse(words: list[str]) -> argparse.Namespace:
    """The flags of the command line."""
    parser = argparse.ArgumentParser(description="The VAE playground, in your browser.")
    parser.add_argument(
        "--host",
        default=os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1"),
        help="address to listen on; 0.0.0.0 lets other machines in, with the limits for strangers "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--port",
        type=port,
        default=os.environ.get("GRADIO_SERVER_PORT", "7860"),
        help="port to listen on (default: %(default)s)",
    )
    parser.add_argument(
        "--share", action="store_true", help="also ask Gradio for a public address for 72 hours"
    )
    parser.add_argument(
        "--hosted",
        action="store_true",
        default="SPACE_ID" in os.environ,
        help="limits for strangers, as there are wherever others reach the page, and no --share "
        "(the default on a Space)",
    )
    parser.add_argument(
        "--trusted",
        action="store_true",
        help="no limits for whoever reaches the page by --share or from other machines",
    )
    parser.add_argument(
        "--root-path",
        metavar="PATH",
        default=os.environ.get("GRADIO_ROOT_PATH"),
        help="where a reverse proxy shows the page, such as /vae, if not at the root of its host",
    )
    parser.add_argument(
        "--metrics",
        action="store_true",
        help="tell Prometheus at /metrics about requests, runs and memory; no visitor is named",
    )
    parser.add_argument(
        "--json-logs",
        action="store_true",
        help="write the log as lines of JSON, and say in it when the page is up and its models loaded",
    )
    return parser.parse_args(words)


def port(word: str) -> int:
    """A port as a number, if it can be one."""
    if not word.isdecimal() or not 1 <= int(word) <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535; got {word}")
    return int(word)


if __name__ == "__main__":
    main()
