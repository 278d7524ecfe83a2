"""Explanations that a teacher can edit or translate: Markdown files beside this one."""

import re
from pathlib import Path

HERE = Path(__file__).parent


def read(name: str) -> str:
    """The text called `name`, as Markdown."""
    return (HERE / f"{name}.md").read_text(encoding="utf-8").strip()


def sections(name: str) -> dict[str, str]:
    """The text called `name`, split at its `## headings`."""
    _, *parts = re.split(r"^## +(.+)$", read(name), flags=re.MULTILINE)
    return {
        heading.strip(): " ".join(body.split())
        for heading, body in zip(parts[::2], parts[1::2], strict=True)
    }
