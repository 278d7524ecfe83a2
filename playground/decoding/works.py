"""What the processes that read files of strangers do with one: bytes in, bytes out."""

from collections.abc import Callable

Work = Callable[[bytes], bytes]


def work_of(name: str) -> Work:
    """The work called so; everything that it needs is imported by then."""
    kind, _, way = name.partition(" ")
    return _zip(way) if kind == "zip" else {"digit": _digit, "digit_or_picture": _as_it_is}[kind]()


def _digit() -> Work:
    from .digits import digit_in_file

    return lambda file: digit_in_file(file).tobytes()


def _as_it_is() -> Work:
    from .digits import digit_or_picture

    return lambda file: digit_or_picture(file).tobytes()


def _zip(way: str) -> Work:
    from vae_core.data.archives import read_zip
    from vae_core.data.folders import packed

    return lambda archive: packed(read_zip(archive, way))
