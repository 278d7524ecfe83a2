"""Two addresses for whoever looks after the process: is it alive, and is it ready for visitors."""

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from vae_core.errors import UsageError

from ..runs.disk.storage import check_writable
from ..store.models import Store


def unwritable(folder: Path) -> str:
    """Why runs cannot be kept in a folder, which need not be there yet; empty if they can."""
    try:
        check_writable(folder)
    except UsageError as error:
        return str(error)
    return ""


def routes(store: Store) -> list[Route]:
    """`/healthz` answers while the process does; `/readyz` once `store` has its first models.

    Until then `/readyz` has status 503, and a sentence that says what is missing; also where runs
    cannot be kept.
    """

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("The process answers.\n")

    async def readyz(_: Request) -> Response:
        missing = store.missing() or await run_in_threadpool(unwritable, store.jobs.folder)
        if missing:
            return PlainTextResponse(f"{missing}\n", status_code=503)
        return PlainTextResponse("The models are loaded.\n")

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
