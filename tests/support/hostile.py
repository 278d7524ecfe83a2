"""What strangers may send: values that fit nowhere, friendly requests to spoil, and a watch."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from tests.support.samples import PICTURES
from tests.support.training import CONFIG, ME, OPTIONS

# Always the same examples, and none is kept: a test that fails here fails everywhere.
BRISK = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a request that breaks something is short enough
    suppress_health_check=list(HealthCheck),
)

PATHS = [
    *("../x", "../../etc/passwd", "/etc/passwd", "..\\..\\x", "x\0y", "~/.bashrc", ".", "..", ""),
    *("run:../x", "run:", "run:..", "run:x\0", "mine:../x", "mine:/etc/passwd", "mine:"),
    *("file:/etc/passwd", "folder:/", "folder:~", "drawings:.", "file:../x", "folder:\ud800"),
    *("checkpoints/vae-2.safetensors", "file:///etc/passwd", "http://127.0.0.1:1/x", "%2e%2e/x"),
]
NAMES = ["\u202eevil", "\ud800", "é" * 3000, "x" * 7000, "名前", "\x1b[31m", "a\nb", "<script>"]
NUMBERS = [0, -1, 1, 2**31, 2**63, 10**9, 10**400, -(10**30), 1e308, 0.5, -0.0]
ENDLESS = [float("nan"), float("inf"), float("-inf")]


def nested(depth: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


plain = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([*NUMBERS, *ENDLESS]),
    st.sampled_from([*PATHS, *NAMES]),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=20),  # surrogates too
)
values = st.one_of(
    plain,
    st.lists(plain, max_size=4),
    st.dictionaries(st.text(max_size=5), plain, max_size=3),
    st.sampled_from([nested(30), nested(300), [[1.0]] * 300, {"a": nested(31)}, ["vae-2"] * 70]),
)

Request = tuple[dict[str, Any], bytes]


def friendly(
    run: str, mine: str, spare: str, weights: bytes, archive: bytes
) -> dict[str, Request]:
    """A request of each live route that is answered. Others are fuzzed with these words as well.

    Arguments:
        run: the id of a run that is over, of a model of two numbers.
        mine: the name of pictures that were brought.
        spare: of others, which may be removed.
        weights: a checkpoint, to be uploaded.
        archive: pictures in a zip file.
    """
    name = f"run:{run}"
    digits = np.zeros((3, 28, 28), np.uint8)
    digits[:, 8:20, 12:16] = 255
    two = digits[:2].tobytes()
    images = (digits[:2] / 255).astype("<f4").tobytes()
    image = images[: len(images) // 2]
    code = np.zeros(2, "<f4").tobytes()
    film = {"models": [name], "frames": 3, "path": "straight", "tour": False}
    file = {**film, "kind": "gif", "rows": [name], "scale": 1, "rate": 5}
    tsne = {"points": 100, "iterations": 50, "early_iterations": 0, "seed": 0, "dims": 2}
    training = {"model": "vae", "options": OPTIONS, "dataset": mine, "config": CONFIG}
    return {
        "about-runs": ({"owner": ME}, b""),
        "picture": ({}, PICTURES["grey"]),
        "files": ({}, two[:784]),
        "model-encode": ({"model": name, "count": 2}, images),
        "model-decode": ({"model": name, "count": 1}, code),
        "model-activations": ({"model": name}, image),
        "model-unit": ({"model": name, "stage": 0, "unit": 1, "by": 1}, image),
        "model-loss": ({"model": name, "beta": 1, "likelihood": "bernoulli"}, image + code),
        "tsne": ({"atlases": [name], "perplexity": 10, "exaggeration": 4, **tsne}, b""),
        "film": ({**file, "bounce": False, "dark": True}, two),
        "train-options": ({}, b""),
        "train-check": ({"owner": ME, "name": "mine", "device": "cpu", **training}, b""),
        "train-start": ({"owner": ME, "name": "mine", "device": "cpu", **training}, b""),
        "train-runs": ({"owner": ME}, b""),
        "train-watch": ({"owner": ME, "id": run, "line": 0, "preview": None, "resumed": 0}, b""),
        "train-wish": ({"owner": ME, "id": run, "wish": "pause"}, b""),
        "train-file": ({"owner": ME, "id": run}, b""),
        "train-script": ({}, b""),
        "train-sweeps": ({}, b""),
        "data-get": ({"name": "digits", "start": False}, b""),
        "train-upload": ({"owner": ME, "name": "mine"}, weights),
        "pictures": ({"owner": ME, "way": "folder"}, archive),
        "pictures-look": ({"owner": ME, "dataset": mine}, b""),
        "pictures-remove": ({"owner": ME, "dataset": spare}, b""),
    }


def framed(header: Any, body: bytes = b"") -> bytes:
    """A message with a header that need not be one; NaN and lone surrogates are let through."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(4, "little") + text + body


@st.composite
def spoilt(draw: st.DrawFn, request: Request, words: list[str]) -> bytes:
    """A request with a few values that fit nowhere, or with a frame that lies."""
    header, body = request
    if body and not header:
        return _altered(draw, body)  # a file as it is
    how = draw(st.sampled_from(["values"] * 5 + ["body"] * 3 + ["frame", "header", "noise"]))
    if how == "values":
        known = st.sampled_from(sorted(header) or words)
        keys = draw(st.lists(st.one_of(known, known, st.sampled_from(words)), max_size=3))
        header = {**header, **{key: _spoilt(draw, header.get(key)) for key in ["", *keys][1:]}}
        return framed(header, body)
    if how == "body":
        return framed(header, _altered(draw, body))
    if how == "header":
        texts = [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 8000, b'{"a":' * 1000]
        return framed(draw(st.sampled_from(texts)), body)
    if how == "noise":
        return draw(st.binary(max_size=200))
    whole = framed(header, body)
    lies = [0, 1, 4, len(whole), 8192, 8193, 2**31, 2**32 - 1]
    return draw(st.sampled_from(lies)).to_bytes(4, "little") + whole[4:]


def _altered(draw: st.DrawFn, body: bytes) -> bytes:
    """Cut short, overlong, or with some other bytes near its beginning or anywhere."""
    junk = draw(st.binary(max_size=40))
    altered = bytearray(body)
    for _ in range(draw(st.integers(1, 6)) if body else 0):
        last = draw(st.sampled_from([min(60, len(body)), len(body)])) - 1
        altered[draw(st.integers(0, last))] = draw(st.integers(0, 255))
    cut = body[: draw(st.integers(0, len(body)))]
    return draw(st.sampled_from([bytes(altered)] * 3 + [cut, body + junk, junk, body * 2]))


def _spoilt(draw: st.DrawFn, value: Any) -> Any:
    """Another value in the place of this one, or of one within it."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from([*sorted(value), "name", "image_shape"]))
        return {**value, key: draw(values)}
    return draw(values)


# --- what a server touches ---

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.chmod")
_touched: list[str] | None = None
_hooked = False


@contextmanager
def touched() -> Iterator[list[str]]:
    """The files that other threads than this one write, make, move or remove meanwhile."""
    global _touched, _hooked
    if not _hooked:
        sys.addaudithook(_note)  # for ever, so once
        _hooked = True
    _touched = []
    try:
        yield _touched
    finally:
        _touched = None


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if _touched is None or threading.current_thread() is threading.main_thread():
        return
    if event == "open":
        path, mode, flags = arguments
        writes = flags & WRITES if isinstance(flags, int) else set(str(mode)) & set("wax+")
        if writes and isinstance(path, str | bytes | os.PathLike):
            _touched.append(os.path.abspath(os.fsdecode(path)))
    elif event in CHANGES and isinstance(arguments[0], str | bytes | os.PathLike):
        path = os.fsdecode(arguments[0])
        if os.sep in path:  # a name alone is one in a folder that was opened before
            _touched.append(os.path.abspath(path))


def outside(paths: list[str], *allowed: Path) -> list[str]:
    """Those that are in none of the folders; apart from what Python compiles."""
    folders = (Path("/dev"), *allowed)
    strangers = (path for path in paths if "__pycache__" not in path)
    return sorted(
        path
        for path in set(strangers)
        if not any(Path(path).is_relative_to(folder) for folder in folders)
    )
