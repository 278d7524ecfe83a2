"""Runs app.py as if the network were cut, and lists who tried to reach somebody.

CALLS=file python tests/support/cut_off.py [flags of app.py]
"""

import os
import runpy
import sys
from pathlib import Path
from typing import Any

HOME = ("127.0.0.1", "::1", "localhost", "0.0.0.0")
ASKING = ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto")


def cut(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in ASKING:
        return
    target = arguments[0] if event.startswith("socket.get") else arguments[1]
    host = target[0] if isinstance(target, tuple) else target
    if host in (*HOME, "", None) or (isinstance(host, str) and host.startswith("/")):
        return
    with open(os.environ["CALLS"], "a") as calls:
        calls.write(f"{event} {target!r}\n")
    raise OSError("the network is cut")


if __name__ == "__main__":
    sys.addaudithook(cut)
    app = Path(__file__).parent.parent.parent / "app.py"
    sys.path[0] = str(app.parent)
    runpy.run_path(str(app), run_name="__main__")
