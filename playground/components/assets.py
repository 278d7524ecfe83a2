"""The page's own scripts and styles, served under a name that changes with their content."""

import gzip
import hashlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import brotli
import gradio
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

HERE = Path(__file__).parent
GRADIO = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"

# What is on the page when it opens. All other scripts and styles are loaded with their tab.
FIRST = (
    "page/loader",
    "page/header",
    "drawing/canvas",
    "ui/source",
    "reconstruct/cards",
)
# A layer wins over all before it, however its rules are written. Gradio's own come first.
LAYERS = ("gradio", "ui", "page", "tab", "mode")
CORE = {"ui": "ui", "graph": "ui", "page": "page", "drawing": "page"}  # folder -> layer
MODES = (
    "ui/system.css",
    "page/presenter.css",
    "page/stage.css",
    "page/embed.css",
)  # what has the last word in every tab
UNLAYERED = "ui/unlayered.css"

KINDS = {".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm"}
KEEP = {"Cache-Control": "public, max-age=31536000, immutable"}
EFFORT, GRADIOS_EFFORT = 11, 10  # of Brotli: more takes twice as long for 2 % less
IMPORT = re.compile(r'^import [^"]*from "(\.[^"]+)"', re.MULTILINE)


def _scripts() -> dict[str, bytes]:
    """Every script, and the engine's kernel."""
    paths = [*HERE.rglob("*.js"), *HERE.rglob("*.wasm")]
    return {path.relative_to(HERE).as_posix(): path.read_bytes() for path in paths}


def _sheets() -> dict[str, bytes]:
    """One style sheet for the core and one for each tab, of all that their folders have."""
    sheets = {"core.css": f"@layer {', '.join(LAYERS)};\n"}
    # What is nearer to the top of its folder is more general, and comes first.
    for path in sorted(HERE.rglob("*.css"), key=lambda path: (len(path.parts), path)):
        name = path.relative_to(HERE).as_posix()
        folder = name.split("/")[0]
        layer = "mode" if name in MODES else CORE.get(folder, "tab")
        rules = path.read_text(encoding="utf-8")
        sheet = "core.css" if folder in CORE else f"{folder}.css"
        sheets[sheet] = sheets.get(sheet, "") + (
            rules if name == UNLAYERED else f"@layer {layer} {{\n{rules}}}\n"
        )
    return {name: sheet.encode() for name, sheet in sheets.items()}


# Read once: what is not in here cannot be asked for.
FILES = _scripts() | _sheets()
GRADIOS = frozenset(path.name for kind in ("*.js", "*.css") for path in GRADIO.glob(kind))
# What Gradio shows while a page loads counts the seconds at every frame, and never stops: every open
# tab would keep a tenth of a core busy, also when nothing moves in it. So it gets no frames.
(WAITING,) = (name for name in GRADIOS if re.match(r"statustracker-.*\.js", name))
VERSION = hashlib.sha256(repr(sorted(FILES.items())).encode()).hexdigest()[:12]


def _plotly() -> Path:
    """The script that the plotly package brings along. The package itself is not imported."""
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("The page's charts need the package plotly.", name="plotly")
    return Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"


PLOTLY = (
    _plotly()
)  # too large for the others: it has an address of its own, and outlives their versions
PLOTLY_URL = f"assets/plotly/{hashlib.sha256(PLOTLY.read_bytes()).hexdigest()[:12]}.js"


def url(name: str) -> str:
    """The address of a file: relative, so that it works below any path."""
    return f"assets/{VERSION}/{name}"


def imported(*entries: str) -> list[str]:
    """The scripts that these cannot start without, themselves first."""
    found = list(entries)
    for name in found:  # grows while it is read
        for path in IMPORT.findall(FILES[name].decode()):
            other = (HERE / name).parent.joinpath(path).resolve().relative_to(HERE).as_posix()
            if other not in found:
                found.append(other)
    return found


EARLY = imported(*(f"{name}.js" for name in FIRST))


def needs(component: str) -> dict[str, list[str]]:
    """What to load when a component is first seen: "scripts", its own first, and "styles"."""
    script, *others = imported(f"{component}.js")
    sheet = f"{component.split('/')[0]}.css"
    return {
        "scripts": [
            url(name) for name in (script, *others) if name == script or name not in EARLY
        ],
        "styles": [url(sheet)] if sheet in FILES else [],
    }


def head(facts: str) -> str:
    """What the page's head needs for the first tab, named early so that all of it loads at once.

    Arguments:
        facts: the version of the facts, which stands in their addresses.
    """
    sheets = ["core.css", f"{FIRST[-1].split('/')[0]}.css"]
    styles = [f'<link rel="stylesheet" href="{url(name)}">' for name in sheets]
    scripts = [f'<link rel="modulepreload" href="{url(name)}">' for name in EARLY]
    # Named, not loaded: the first chart that is seen asks for it.
    plotly = f'<meta name="plotly" content="{PLOTLY_URL}">'
    version = f'<meta name="facts" content="{facts}">'
    return "\n".join([*styles, *scripts, plotly, version])


def routes() -> list[Route]:
    """The page's own files and Gradio's, which a browser may keep for ever, as small as they get."""
    return [
        Route(f"/{PLOTLY_URL}", _serve_plotly),
        Route("/assets/{version}/{name:path}", _serve),
        Route("/assets/{name}.css", _serve_gradios),
        Route("/assets/{name}.js", _serve_gradios),
    ]


def _serve(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in FILES or request.path_params["version"] != VERSION:
        return PlainTextResponse("There is no such file.", status_code=404)
    return _reply(request, name, FILES[name], EFFORT)


def _serve_gradios(request: Request) -> Response:
    name = request.url.path.rsplit("/")[-1]
    if name not in GRADIOS:
        return PlainTextResponse("There is no such file.", status_code=404)
    return _reply(request, name, _gradios(name), GRADIOS_EFFORT)


@cache
def _gradios(name: str) -> bytes:
    content = (GRADIO / name).read_bytes()
    if name == WAITING:
        content = content.replace(b"window.requestAnimationFrame", b"(() => 0)")
    # Outside a layer, its `*` would win over every rule of ours that is in one.
    return b"@layer gradio {\n%b\n}" % content if name.endswith(".css") else content


def _reply(request: Request, name: str, content: bytes, effort: int) -> Response:
    # Gradio's middleware squeezes what is not, for every visitor anew, and so with less effort.
    headers = {**KEEP, "Vary": "Accept-Encoding"}
    if "br" in request.headers.get("accept-encoding", ""):
        content = _squeezed(content, effort)
        headers["Content-Encoding"] = "br"
    return Response(content, media_type=KINDS[Path(name).suffix], headers=headers)


@cache  # what is squeezed are files, and there are no more of them than there are
def _squeezed(content: bytes, effort: int) -> bytes:
    return brotli.compress(content, quality=effort)


def _serve_plotly(request: Request) -> Response:
    headers = {**KEEP, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(PLOTLY, media_type=KINDS[".js"], headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(_squeezed_plotly(), media_type=KINDS[".js"], headers=headers)


@cache
def _squeezed_plotly() -> bytes:
    return gzip.compress(PLOTLY.read_bytes(), compresslevel=6, mtime=0)
