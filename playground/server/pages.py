"""The page itself: squeezed for browsers, and made once for all who ask for it at one address."""

from collections import OrderedDict
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .gradio_private import PAGE_DEPENDS_ON, Brotli

SMALLEST = 1000  # bytes that are worth squeezing
MOST = 16  # pages that are kept, each of some 350 kB before it is squeezed


class Address(NamedTuple):
    """All that the page depends on; what stands behind a question mark is for the browser."""

    scheme: str
    path: str
    root: str
    headers: tuple[str, ...]

    @classmethod
    def of(cls, scope: Scope) -> "Address":
        headers = Headers(scope=scope)
        values = tuple(headers.get(name, "") for name in (*PAGE_DEPENDS_ON, "accept-encoding"))
        return cls(scope["scheme"], scope["path"], scope.get("root_path", ""), values)


class _Pages:
    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._squeezed = Brotli(app, quality=5, minimum_size=SMALLEST)
        self._kept: OrderedDict[Address, tuple[Message, ...]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A browser asks for HTML by name when it opens a page, and for nothing else.
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self._plain(scope, receive, send)
        elif _is_the_page(scope):
            await self._once(scope, receive, send)
        else:
            await self._squeezed(scope, receive, send)

    async def _once(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gradio makes the page anew for every visitor, which takes more than all its files do."""
        address = Address.of(scope)
        if address not in self._kept:
            made: list[Message] = []

            async def noted(message: Message) -> None:
                made.append({**message})  # a copy: those outside add headers to theirs
                await send(message)

            await self._squeezed(scope, receive, noted)
            if made and made[0]["status"] == 200:
                self._kept[address] = tuple(made)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
            return
        self._kept.move_to_end(address)
        for message in self._kept[address]:
            await send({**message})


def _is_the_page(scope: Scope) -> bool:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return scope["method"] == "GET" and path == "/" and not scope["query_string"]


PAGES = Middleware(_Pages)
