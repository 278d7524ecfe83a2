"""The pictures in a zip file that a stranger sent.

Everything is judged by the archive's own list before anything is unpacked, and nothing is written
anywhere: a path in an archive is a name to sort by and to tell a class from, and no more.
"""

import io
import zipfile
from functools import partial
from zipfile import ZipFile, ZipInfo

from ..errors import UsageError
from .images import MAX_BYTES
from .ingest import MOST, File, Gathered, gather, is_hidden, is_picture

ENTRY = b"PK\1\2"  # what each entry of the list begins with
MOST_ENTRIES = 3 * MOST  # folders and other files count too
MOST_UNPACKED = 500_000_000  # bytes of all pictures together
MOST_RATIO = 200  # of bytes unpacked to bytes sent; pictures are packed already
MOST_PIXELS = 2_000_000_000
UTF8 = 0x800  # the bit of an entry's flags that says how its name is written
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # both unpack no more than they are asked to


def read_zip(content: bytes, way: str) -> Gathered:
    """The pictures in a zip file, made as `way` says: one of `gathering.WAYS`.

    Archives within it, and all that is not a picture, are left out and counted.

    Raises:
        UsageError: if it is no zip file, is encrypted or would unpack to too much, or `gather`
            refuses what is in it.
    """
    # Each entry that Python's reader finds takes memory, so they are counted before it begins.
    if content.count(ENTRY) > MOST_ENTRIES:
        raise UsageError(
            f"The archive lists more than {MOST_ENTRIES:,} files. Up to {MOST:,} pictures work."
        )
    try:
        archive = ZipFile(io.BytesIO(content))
        entries = {_name(each): each for each in archive.infolist() if not each.is_dir()}
    except Exception as error:  # damaged archives fail in a dozen ways
        raise UsageError(
            f"The file cannot be read as a zip archive; it has {len(content):,} bytes. Pack the "
            "folder of pictures again, and upload all of it."
        ) from error
    visible = {name: entry for name, entry in entries.items() if not is_hidden(name)}
    pictures = {name: entry for name, entry in visible.items() if is_picture(name)}
    _check(list(pictures.values()), len(content))
    with archive:
        files = [File(name, partial(_read, archive, each)) for name, each in pictures.items()]
        return gather(files, [name for name in visible if name not in pictures], way, MOST_PIXELS)


def _name(entry: ZipInfo) -> str:
    """The path in the archive, without what would lead out of it."""
    parts = _text(entry).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _text(entry: ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 and leave out the flag that says so."""
    if entry.flag_bits & UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode()
    except UnicodeError:
        return entry.filename  # in cp437 indeed, or in a code page that nobody can tell


def _check(entries: list[ZipInfo], size: int) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise UsageError("The archive is encrypted. Pack the pictures again without a password.")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * size:
        raise UsageError(
            f"The archive of {size / 1e6:,.1f} MB would unpack to {unpacked / 1e6:,.1f} MB. Up to "
            f"{MOST_UNPACKED / 1e6:,.0f} MB work, and {MOST_RATIO} times what is sent."
        )


def _read(archive: ZipFile, entry: ZipInfo) -> bytes:
    if entry.file_size > MAX_BYTES:
        raise UsageError(
            f"It has {entry.file_size / 1e6:,.1f} MB. Up to {MAX_BYTES / 1e6:.0f} MB work."
        )
    if entry.compress_type not in METHODS:
        raise UsageError("It is packed in an unusual way. Pack it again as an ordinary zip file.")
    try:
        return archive.read(entry)
    except Exception as error:  # damaged archives fail in a dozen ways
        raise UsageError("It is damaged in the archive.") from error
