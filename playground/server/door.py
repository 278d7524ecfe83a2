"""The door: only who means this page may ask it, and not the page of somebody else.

Any page in a visitor's browser can send requests to localhost, or to a page in the same house.
Programs, which are no page, are let in: they send neither `Origin` nor `Sec-Fetch-Site`.
"""

from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ..gate.seats import VISITOR
from ..store.key import COOKIE, HELD, KEY, PARAMETER, is_key
from .hosts import VARIABLE, Hosts

HOSTLESS = "A request says in its header Host, once, for whom it is."
UNKNOWN = (
    "The page is not shown under this name. Whoever runs it lets the name in by the variable "
    f"{VARIABLE}."
)
FOREIGN = "Pages of other sites may not ask this one. Open it by itself."
LONGEST = 200  # letters by which a visitor is told from others
FORWARDED = "x-forwarded-host"  # which Gradio 6.31 takes for its own from whoever sends it
ELSEWHERE = "x-gradio-server"  # the same, of a server of Node's that is not used here


class Door:
    """Middleware: refuses what is for another host or comes from another page.

    Arguments:
        behind: whether everything comes through a proxy whose address is not known, as on a Space:
            visitors are told apart by what it says of them.
    """

    def __init__(self, app: ASGIApp, hosts: Hosts, behind: bool = False) -> None:
        self.app = app
        self.hosts = hosts
        self._behind = behind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        told = headers.get("x-forwarded-for", "") if self._behind else ""
        VISITOR.set(told[:LONGEST] or visitor_of(scope))
        refusal = self._refusal(scope["method"], headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        asked = Request(scope)
        if is_key(asked.query_params.get(PARAMETER)):
            await _keyed()(scope, receive, send)
            return
        HELD.set(is_key(asked.cookies.get(COOKIE)))
        right = [*filter(self._is_right, scope["headers"])]
        await self.app({**scope, "headers": right}, receive, send)

    def _refusal(self, method: str, headers: Headers) -> JSONResponse | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not hosts[0]:
            return _refused(HOSTLESS, 400)
        if not self.hosts.knows(hosts[0]):
            return _refused(UNKNOWN, 403)
        origins = headers.getlist("origin")
        forwarded = map(_first, headers.getlist(FORWARDED))
        places = [*hosts, *filter(self.hosts.knows, forwarded)]
        if not all(self.hosts.may_ask(origin, places) for origin in origins):
            return _refused(FOREIGN, 403)
        # A link or a frame shows the page to the visitor, and nothing of it to the other page.
        followed = method in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"
        site = headers.get("sec-fetch-site", "none")
        if not origins and site in ("cross-site", "same-site") and not followed:
            return _refused(FOREIGN, 403)
        return None

    def _is_right(self, header: tuple[bytes, bytes]) -> bool:
        """Gradio builds its addresses from some headers: none that names a host we do not have."""
        name, value = (each.decode("latin-1") for each in header)
        if name == FORWARDED:
            return self.hosts.knows(_first(value))
        return name != ELSEWHERE


def _keyed() -> Response:
    """The page again, by an address without the key. From now on the browser has it."""
    reply = RedirectResponse("./", 303)
    reply.set_cookie(COOKIE, KEY, httponly=True, samesite="strict")
    return reply


def visitor_of(scope: Scope) -> str:
    """Who asks, as far as can be told: an address, or the network that one house has."""
    client, *_ = scope.get("client") or [""]
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return address.exploded[:19]  # 64 bits: whoever has one has all below
    return client


def _first(hosts: str) -> str:
    """That of the first of several proxies, which is what Gradio takes."""
    return hosts.split(",")[0].strip()


def _refused(sentence: str, code: int) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=code)
