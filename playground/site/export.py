"""Writes the page into a folder: each file at the address where the app has it."""

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from vae_core.errors import UsageError
from vae_core.experiments import catalogue

from ..components import assets
from ..facts import shipped
from ..routes import weights
from ..routes.facts import version
from ..store.models import Store
from ..wire.packing import encoded
from . import document

HERE = Path(__file__).parent
OWN = ("assets", "facts", "weights")  # folders that are written anew
MARK = "index.html"
WORKER = "sw.js"
INDEX = "weights/index.json"
# Lines that only explain: the scripts are a fifth smaller without, on a server that packs nothing.
COMMENTS = re.compile(rb"^ *(//.*|/\*\*.*\*/)\n", re.MULTILINE)
PACKED = ".packed"  # as in components/engine/wire.js: not all that show files pack what they send


def export(folder: Path, store: Store | None = None) -> int:
    """Writes the site over the shipped models into a folder; gives its size in bytes.

    Raises:
        UsageError: if there are other things in the folder, or it cannot be written.
    """
    store = store or Store()
    sizes: dict[str, int] = {}
    try:
        _clear(folder)
        for name, content in _files(store):
            sizes[name] = _write(folder / name, content)
        sizes[WORKER] = _write(folder / WORKER, _worker(sizes))
    except OSError as error:
        raise UsageError(f"{folder} could not be written: {error.strerror}.") from error
    return sum(sizes.values())


def _write(path: Path, content: bytes) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.write_bytes(content)


def _worker(sizes: dict[str, int]) -> bytes:
    """The script that keeps the site in the browser: what it opens with first, then the rest, the small first."""
    lasting = [name for name in sizes if name.startswith(OWN) and name != INDEX + PACKED]
    first = [name for name in lasting if name.startswith("assets/") and not name.endswith(PACKED)]
    rest = sorted(set(lasting).difference(first), key=lambda name: (sizes[name], name))
    listed = json.dumps({"first": first, "rest": rest}, separators=(",", ":"))
    return f"const SITE = {listed};\n".encode() + (HERE / WORKER).read_bytes()


def _clear(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder for the site.")
    others = [path for path in folder.iterdir() if not path.name.startswith(".git")]
    mark = folder / MARK
    ours = mark.is_file() and document.MARK in mark.read_text(encoding="utf-8", errors="replace")
    if others and not ours:
        raise UsageError(
            f"There are other things in {folder}, such as {others[0].name}. Name a new folder, or one "
            "with an earlier site, which is written anew."
        )
    for name in OWN:
        shutil.rmtree(folder / name, ignore_errors=True)


def _files(store: Store) -> Iterator[tuple[str, bytes]]:
    """Every file of the site by its address, the page itself last."""
    at = version(store)
    yield from _scripts()
    for name, content in shipped(store):
        yield _packed(
            f"facts/{at}/{name}", content if isinstance(content, bytes) else encoded(content)
        )
    yield from _weights(store)
    yield "healthz", b"{}"  # what the page asks for after the network was lost
    yield "README.md", (HERE / "readme.md").read_bytes()
    yield "index.html", document.page(store, at).encode()


def _packed(name: str, content: bytes) -> tuple[str, bytes]:
    return name + PACKED, gzip.compress(content, compresslevel=9, mtime=0)


def _scripts() -> Iterator[tuple[str, bytes]]:
    for name, content in assets.FILES.items():
        yield assets.url(name), COMMENTS.sub(b"", content) if name.endswith(".js") else content
    for path in assets.HERE.rglob("LICENSE*"):
        yield assets.url(path.relative_to(assets.HERE).as_posix()), path.read_bytes()
    yield _packed(assets.PLOTLY_URL, assets.PLOTLY.read_bytes())


def _weights(store: Store) -> Iterator[tuple[str, bytes]]:
    """The models, their layers, and what there is of them."""
    listed = []
    for name in _names(store):
        about = weights.about(store, name)
        listed.append(about)
        layers = json.dumps(weights.layers_of(store, name)).encode()
        yield _packed(f"{about['address']}.json", layers)
        yield _packed(f"{about['address']}.safetensors", weights.path_of(store, name).read_bytes())
    yield _packed(INDEX, json.dumps({"models": listed}).encode())


def _names(store: Store) -> Iterator[str]:
    experiments = [weights.EXPERIMENTS + name for name in catalogue.FILES]
    for name in (*store.names, weights.CLASSIFIER, *experiments):
        try:
            weights.path_of(store, name)
        except UsageError:
            continue  # a folder of somebody's own may lack what the chapters need
        yield name
