"""How many connections there are, of all and of each address, and what is said where they are too many.

Each takes a file of the system, of which a process has a few thousand: one that has none left
answers nobody. So there is a most for all, and half of it for one address. That is more than two
lecture halls behind one router, with the six connections of each browser.
"""

import sys
from collections import Counter
from ipaddress import ip_address, ip_network

from starlette.types import Receive, Scope, Send

from ..gate.refusals import refused
from ..gate.seats import FULL, Busy

if sys.platform != "win32":
    import resource

MOST = 4096
SPARED = 0.8  # of the files that a process may open; the others are for what it reads and writes
NETWORK = 64  # bits of an IPv6 address that tell a household from another


class Connections:
    """A count of what is open.

    Arguments:
        most: of all addresses together; half of them for one.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._of: Counter[str] = Counter()

    def open(self, address: str) -> bool:
        """Counts one more of this address, and says whether there are too many now."""
        place = _place(address)
        self._of[place] += 1
        return self._of[place] > self.most // 2 or self._of.total() > self.most

    def close(self, address: str) -> None:
        """Counts one fewer."""
        place = _place(address)
        self._of[place] -= 1
        if self._of[place] <= 0:
            del self._of[place]


def most_here() -> int:
    """How many connections this process may have."""
    if sys.platform == "win32":
        return MOST
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if files == resource.RLIM_INFINITY else min(MOST, int(SPARED * files))


async def crowded(scope: Scope, receive: Receive, send: Send) -> None:
    """The answer to whoever asks over one connection too many, which ends it."""
    reply = refused(Busy(FULL))
    reply.headers["Connection"] = "close"
    await reply(scope, receive, send)


def _place(address: str) -> str:
    """What is counted as one: an address, or all those of a household."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(known if known.version == 4 else ip_network((known, NETWORK), strict=False))


CONNECTIONS = Connections(most_here())
