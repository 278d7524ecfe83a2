"""Two addresses for whoever looks after the process: is it alive, and is it ready for visitors."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ..store import Store


def routes(store: Store) -> list[Route]:
    """`/healthz` answers while the process does; `/readyz` once `store` has its first models.

    Until then `/readyz` has status 503, and a sentence that says what is missing.
    """

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("The process answers.\n")

    async def readyz(_: Request) -> Response:
        missing = store.missing()
        if missing:
            return PlainTextResponse(f"{missing}\n", status_code=503)
        return PlainTextResponse("The models are loaded.\n")

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
