"""Start the page: `python app.py`, then open the address that it prints."""

import argparse
import sys


def main() -> None:
    options = parse(sys.argv[1:])
    from playground.serve import serve

    serve(options.host, options.port, options.share, options.hosted)


def parse(words: list[str]) -> argparse.Namespace:
    """The flags of the command line."""
    parser = argparse.ArgumentParser(description="The VAE playground, in your browser.")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on; 0.0.0.0 lets other machines in (default: %(default)s)",
    )
    parser.add_argument(
        "--port", type=int, default=7860, help="port to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--share", action="store_true", help="also ask Gradio for a public address for 72 hours"
    )
    parser.add_argument(
        "--hosted",
        action="store_true",
        help="limits for strangers: a bounded queue, and no public address of our own",
    )
    return parser.parse_args(words)


if __name__ == "__main__":
    main()
