"""Who may steer what was begun on the command line: whoever sees what the page prints as it starts.

Runs of the page belong to a browser, by its token. Those of the command line belong to nobody, and
are shown to whoever opens the page on this machine. The key is new each time the page starts.
"""

import secrets
from contextvars import ContextVar

from vae_core.errors import UsageError

from .models import Store

KEY = secrets.token_urlsafe(16)
PARAMETER = "__key"  # of the address that sets `COOKIE`; what begins so is in no copied link
COOKIE = "vae-key"
HELD: ContextVar[bool] = ContextVar("held", default=False)  # whether who asks has the key

READ_ONLY = (
    "This run was begun on the command line, and this browser may only look at it. The page printed "
    "an address with a key when it started: open that one to steer the run."
)


def is_key(text: str | None) -> bool:
    """Whether a stranger's text is the key."""
    return secrets.compare_digest((text or "").encode(errors="replace"), KEY.encode())


def check_may_steer(store: Store, owner: str, id: str) -> None:
    """Refuses to steer a run of the command line to who has no key; programs send it as the owner.

    Raises:
        UsageError: if it is one, or there is no such run.
    """
    run = store.jobs.get(owner, id)
    if run.record.owner is None and not HELD.get() and not is_key(owner):
        raise UsageError(READ_ONLY)
