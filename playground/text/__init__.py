"""Explanations that a teacher can edit or translate: Markdown files beside this one."""

import re
from pathlib import Path

HERE = Path(__file__).parent


def read(name: str) -> str:
    """The text called `name`, as Markdown."""
    return (HERE / f"{name}.md").read_text(encoding="utf-8").strip()


def parts(markdown: str) -> dict[str, str]:
    """What stands below each `## heading`, as it is written."""
    _, *found = re.split(r"^## +(.+)$", markdown, flags=re.MULTILINE)
    return {
        heading.strip(): body.strip()
        for heading, body in zip(found[::2], found[1::2], strict=True)
    }


def sections(name: str) -> dict[str, str]:
    """The text called `name`, split at its `## headings`, each part on one line."""
    return {heading: " ".join(body.split()) for heading, body in parts(read(name)).items()}
