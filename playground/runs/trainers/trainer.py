"""The process that trains for a page: `python -m vae_core`, with the page's limits.

python -m playground.runs.trainers.trainer --memory 2000 train --run-dir runs/x --device cpu
"""

import sys

from vae_core.errors import UsageError

from ...gate.limited import goes_first, limit_memory, no_core

SPARE = 300 * 10**6  # bytes: what is mapped is more than what is used


def main(words: list[str]) -> int:
    """Trains as the words say, which `--memory`, in megabytes, may stand in front of."""
    goes_first()
    no_core()
    from vae_core.__main__ import main as train  # first, as what it maps does not count

    if words[:1] == ["--memory"]:
        megabytes, words = int(words[1]), words[2:]
        # What a graphics card maps is far beyond all memory there is, so it goes unlimited.
        if not _on_card(words):
            limit_memory(megabytes * 10**6 + SPARE)
    return train(words)


def _on_card(words: list[str]) -> bool:
    from vae_core.training.devices import best_device

    device = words[words.index("--device") + 1] if "--device" in words else "auto"
    try:
        return best_device(device).type != "cpu"
    except UsageError:
        return False  # there is none, and who trains on it says so


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
