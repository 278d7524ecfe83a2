"""Facts at addresses that change with what they say, so that a browser keeps them for ever."""

import gzip
import hashlib
import logging
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vae_core.errors import UsageError, check_name

from ..components.assets import KEEP
from ..facts import FACTS
from ..facts.page import NOTEBOOKS
from ..gate.refusals import refusal, refused
from ..gate.seats import GATE
from ..runs.disk.record import PREFIX
from ..store.models import Store
from ..wire.packing import FAULT, encoded

ADDRESS = "/facts/{version}/{name:path}"
BYTES, JSON = "application/octet-stream", "application/json"
KEPT = 128  # replies, so that many visitors cost little more than one
CODE = Path(__file__).parent.parent  # whose functions make the facts
NOW = "now"  # the version that is always there, and that nobody keeps
OLD = "The page has been updated meanwhile. Load it again."

_log = logging.getLogger(__name__)


def version(store: Store) -> str:
    """A name that changes with the files that facts are made of, and with the code that makes them."""
    files = [
        path
        for path in store.folder.rglob("*")
        if path.suffix in (".safetensors", ".npz", ".json")
    ]
    sources = [*CODE.rglob("*.py"), *CODE.rglob("*.md"), *(CODE.parent / "vae_core").rglob("*.py")]
    sources += NOTEBOOKS.glob("*.ipynb")
    return _digest(files, store.folder) + _digest(sources, CODE.parent)


def _digest(paths: Iterable[Path], root: Path) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def route(store: Store, at: str) -> Route:
    """The route of all facts of `store`, whose version is `at`."""

    @lru_cache(KEPT)
    def made(name: str, version: str, *about: str) -> tuple[bytes, bytes, str]:
        found = FACTS[name].make(store, *about)
        plain, kind = (found, BYTES) if isinstance(found, bytes) else (encoded(found), JSON)
        return plain, gzip.compress(plain, compresslevel=6, mtime=0), kind

    async def reply(request: Request) -> Response:
        name, *about = request.path_params["name"].split("/")
        try:
            check_name("fact", name, FACTS)
            fact = FACTS[name]
            if len(about) != fact.about:
                raise UsageError(
                    f"The fact '{name}' is about {fact.about} names; got {len(about)}."
                )
            of_run = bool(about) and about[0].startswith(PREFIX)
            wanted = str(store.version(about[0])) if of_run else at
            asked = request.path_params["version"]
            if asked not in (wanted, NOW) and not of_run:
                return refusal(OLD, 404)
            with GATE.seats(int(fact.slow)):
                plain, small, kind = await GATE.run(made, name, wanted, *about)
        except UsageError as error:
            return refused(error)
        except Exception:  # noqa: BLE001 - noted, and told in a sentence
            _log.exception("facts/%s failed", name)
            return refusal(FAULT, 500)
        # A run that has learnt more since it was asked about is told of as it is now.
        headers = {
            **(KEEP if asked == wanted else {"Cache-Control": "no-store"}),
            "Vary": "Accept-Encoding",
        }
        if "gzip" not in request.headers.get("accept-encoding", "") or len(small) > 0.9 * len(
            plain
        ):
            return Response(plain, media_type=kind, headers=headers)
        return Response(small, media_type=kind, headers={**headers, "Content-Encoding": "gzip"})

    return Route(ADDRESS, reply, methods=["GET"])
