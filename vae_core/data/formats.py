"""Which kind of file a stranger's bytes are, by the first of them, and what to do with the others."""

from PIL import features

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")  # no format that needs another program to read it
OTHERS = ("TIFF", "AVIF") if features.check("avif") else ("TIFF",)  # read, but not recommended

_BRANDS = {
    b"heic": "HEIC", b"heix": "HEIC", b"heim": "HEIC", b"heis": "HEIC", b"hevc": "HEIC",
    b"hevx": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF", b"avis": "AVIF",
}  # fmt: skip
_STARTS = {
    b"%PDF-": "PDF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"<svg": "SVG",
    b"<?xml": "SVG",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
}

_ADVICE = {
    "HEIC": (
        "Phones keep photographs so. Send it to yourself, which often makes a JPEG file of it, or "
        "choose JPEG in the phone's settings (on an iPhone: Camera, Formats, Most Compatible)."
    ),
    "AVIF": "Open it and save it as a PNG or JPEG file.",
    "TIFF": "Open it and save it as a PNG or JPEG file.",
    "PDF": "Take a screenshot of the page, or export it as a PNG file.",
    "SVG": "Take a screenshot of it, or export it as a PNG file.",
    "JPEG XL": "Open it and save it as a PNG or JPEG file.",
}


def unreadable(data: bytes) -> str:
    """What a file is that cannot be read, and what to do: a sentence or two."""
    kind = _kind_of(data)
    works = f"{', '.join(FORMATS[:-1])} and {FORMATS[-1]} files work."
    if kind is None:
        return f"The file cannot be read as a picture; it has {len(data):,} bytes. {works}"
    return f"The file is of a kind that cannot be read here: {kind}. {_ADVICE[kind]} {works}"


def _kind_of(data: bytes) -> str | None:
    if data[4:8] == b"ftyp":
        # A file of HEIC's may call itself one of a family, and name the member further on.
        brands = [data[at : at + 4] for at in (8, *range(16, 64, 4))]
        return next((_BRANDS[brand] for brand in reversed(brands) if brand in _BRANDS), None)
    return next((kind for start, kind in _STARTS.items() if data.startswith(start)), None)
