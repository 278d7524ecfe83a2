"""Which class a picture is of, told from the folders that it lies in."""

import unicodedata
from collections.abc import Sequence

from ..errors import printable

MOST_CLASSES = 10  # that a map can tell apart by their colours
LONGEST_NAME = 60  # characters of a name that a sentence shows
PARTS = ("train", "training", "test", "testing", "val", "valid", "validation", "dev", "eval")


def composed(name: str) -> str:
    """The name with each letter and its accents as one character (NFC), so that looks decide.

    macOS stores names taken apart (NFD) and Windows does not: one archive may hold both.
    """
    return unicodedata.normalize("NFC", name)


def class_folders(paths: Sequence[Sequence[str]]) -> list[str]:
    """The folder that names each picture's class; "" where there is none.

    That is the one it lies in, unless it says nothing: all pictures lie in folders of one name
    (`cat/images`, `dog/images`), or these are the parts of a split (`cat/train`, `cat/test`).

    Arguments:
        paths: the folders around each picture, the outermost first.

    Example:
        >>> class_folders([["cat", "images"], ["dog", "images"]])
        ['cat', 'dog']
        >>> class_folders([["train", "cat"], ["test", "dog"]])
        ['cat', 'dog']
    """
    last = [path[-1] if path else "" for path in paths]
    outer = [path[:-1] for path in paths]
    alike = len(set(last)) == 1
    if all(name.lower() in PARTS for name in last):
        return class_folders(outer)
    if alike and any(path != outer[0] for path in outer):
        return class_folders(outer)
    return last


def numbered(names: Sequence[str]) -> tuple[list[int], list[str], str]:
    """The class of each picture, the classes' names, and what there is to say about them."""
    classes = sorted(set(names), key=lambda name: (len(name) if name.isdecimal() else 999, name))
    if len(classes) <= MOST_CLASSES:
        return [classes.index(name) for name in names], classes, ""
    remark = (
        f"They lie in {len(classes):,} folders; as {MOST_CLASSES} classes can be told apart on a "
        "map, all count as one."
    )
    return [0] * len(names), [""], remark


def counted(classes: Sequence[str]) -> str:
    """How many classes there are and what they are called, for a sentence."""
    if len(classes) == 1:
        return "one class"
    return f"{len(classes)} classes: {', '.join(plain(name) or 'no folder' for name in classes)}"


def plain(name: str) -> str:
    """A name of a file or a folder, fit to stand in a sentence."""
    shown = printable(name)
    return shown if len(shown) <= LONGEST_NAME else f"…{shown[-LONGEST_NAME:]}"
