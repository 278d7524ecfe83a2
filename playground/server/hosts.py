"""The names under which the page is shown, and so whose pages may ask it anything."""

import os
import re
import socket
from collections.abc import Iterable
from ipaddress import ip_address

VARIABLE = "VAE_HOSTS"  # names that whoever runs the page lets in, with commas between them
EVERYWHERE = ("0.0.0.0", "::", "")  # addresses to listen on that let other machines in
SPACES = ("https://huggingface.co", "https://*.hf.space")  # the frames that a Space stands in

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(\d{0,5}))?", re.IGNORECASE)


class Hosts:
    """The names of the page.

    A page of anybody else can have its own name lead to this machine (DNS rebinding), and is then
    of one origin with us as far as a browser can tell. Its name gives it away.

    Attributes:
        told: names by which whoever runs the page lets it be shown, `*.example.org` for all below
            one. Pages of these names may ask as well, and show this one in a frame.

    Arguments:
        own: names that it has anyhow, beside those of this machine to itself.
        addresses: whether it may be shown by any address: they are nobody's name, so nobody can
            have one lead here.
    """

    def __init__(
        self, told: Iterable[str] = (), own: Iterable[str] = (), addresses: bool = False
    ) -> None:
        self.told = tuple(name.strip().lower().rstrip(".") for name in told if name.strip())
        self._own = {name.lower().strip("[]") for name in own}
        self._addresses = addresses

    def knows(self, host: str) -> bool:
        """Whether the page is shown under a name, as the header Host has it, port or not."""
        name = _name(host)
        if not name:
            return False
        if name == "localhost" or name.endswith(".localhost") or name in self._own:
            return True
        try:
            address = ip_address(name)
        except ValueError:
            return self._is_told(name)
        return self._addresses or address.is_loopback or self._is_told(name)

    def may_ask(self, origin: str, hosts: Iterable[str]) -> bool:
        """Whether a page of this origin may ask, in a request that is for one of these hosts."""
        scheme, _, place = origin.lower().partition("://")
        if scheme not in ("http", "https") or not _name(place):
            return False
        # Only the place counts: behind a proxy the page does not know of https.
        return _place(place) in {_place(host.lower()) for host in hosts} or self._is_told(
            _name(place)
        )

    def _is_told(self, name: str) -> bool:
        return any(
            name == each or (each.startswith("*.") and name.endswith(each[1:]))
            for each in self.told
        )


def is_alone(host: str) -> bool:
    """Whether only this machine can ask a page that listens at this address."""
    return Hosts().knows(f"[{host}]" if host.count(":") > 1 and "[" not in host else host)


def hosts_of(host: str, share: bool = False) -> Hosts:
    """The names of a page that listens at this address: those it has, and those it is told."""
    told = [name for name in os.environ.get(VARIABLE, "").split(",") if name]
    space = os.environ.get("SPACE_HOST", "").split(",")
    shared = ["*.gradio.live"] if share else []
    own = [host]
    if host in EVERYWHERE:
        name = socket.gethostname()
        own += [name, f"{name}.local"]
    return Hosts((*told, *space, *shared), own, addresses=host in EVERYWHERE)


def policy_of(hosts: Hosts) -> dict[str, str]:
    """What the names add to the page's policy: who may show it in a frame, and whom a Space asks."""
    told = [f"{name}:*" for name in hosts.told]
    if not os.environ.get("SPACE_HOST"):
        return {"frame-ancestors": " ".join(("'self'", *told))}
    return {
        "frame-ancestors": " ".join(("'self'", *told, *SPACES)),
        # Gradio 6.31 asks there whose Space it is.
        "connect-src": f"'self' data: blob: {SPACES[0]}",
    }


def _name(host: str) -> str:
    """The name in `name:port`, without brackets and a closing dot; "" if it is no such thing."""
    found = _HOST.fullmatch(host)
    return found[1].lower().strip("[]").rstrip(".") if found else ""


def _place(host: str) -> str:
    """A host and its port, unless that is the one that goes without saying."""
    return re.sub(r":(80|443)?$", "", host)
