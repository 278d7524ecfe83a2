"""The page's own scripts and styles, served under a name that changes with their content."""

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

HERE = Path(__file__).parent.parent
# Scripts in these folders are loaded when their tab or figure is first opened: who only draws a
# digit need not wait for them.
LATE = ("/atlas/", "/train/", "/learn/", "/graph/")
SHARED = ("ui", "page")  # folders whose styles come before those of others
KINDS = {".js": "text/javascript", ".css": "text/css"}

# Read once: what is not in here cannot be asked for. What all components share comes first, so
# that each of them may differ from it.
FILES: dict[str, bytes] = {
    path.relative_to(HERE).as_posix(): path.read_bytes()
    for path in sorted(HERE.rglob("*"), key=lambda path: (path.parent.name not in SHARED, path))
    if path.suffix in KINDS
}

VERSION = hashlib.sha256(repr(sorted(FILES.items())).encode()).hexdigest()[:12]


def url(name: str) -> str:
    """Where the page finds a file: relative, so that it works below any path."""
    return f"assets/{VERSION}/{name}"


def head() -> str:
    """What the page's head needs: the styles, and the scripts named early so they load at once."""
    styles = [f'<link rel="stylesheet" href="{url(name)}">' for name in FILES if _is(name, "css")]
    scripts = [
        f'<link rel="modulepreload" href="{url(name)}">'
        for name in FILES
        if _is(name, "js") and not any(folder in name for folder in LATE)
    ]
    return "\n".join([*styles, *scripts])


def route() -> Route:
    """Serves the files. Their address holds a hash, so a browser may keep them for ever."""
    return Route("/assets/{version}/{name:path}", _serve)


def _is(name: str, kind: str) -> bool:
    return name.endswith(f".{kind}")


def _serve(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in FILES or request.path_params["version"] != VERSION:
        return PlainTextResponse("There is no such file.", status_code=404)
    keep = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(FILES[name], media_type=KINDS[Path(name).suffix], headers=keep)
