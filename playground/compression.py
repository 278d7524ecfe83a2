"""The page itself, compressed. Gradio compresses scripts and styles, and leaves the page as it is."""

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

SMALLEST = 1000  # bytes that are worth it


class _Pages:
    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._squeezed = GZipMiddleware(app, SMALLEST, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A browser asks for HTML by name when it opens a page, and for nothing else.
        page = scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", "")
        await (self._squeezed if page else self._plain)(scope, receive, send)


PAGES = Middleware(_Pages)
