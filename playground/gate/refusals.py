"""What a request is told that gets no answer: a sentence, and when to come again."""

from starlette.responses import JSONResponse

from vae_core.errors import UsageError

from .seats import AGAIN, Busy, status_of


def refusal(sentence: str, code: int) -> JSONResponse:
    """The sentence as JSON. What a stranger sent may stand in it, and need not be text that can be encoded."""
    plain = sentence.encode(errors="replace").decode()
    return JSONResponse({"error": plain}, status_code=code)


def refused(error: UsageError) -> JSONResponse:
    """What the error says, with `Retry-After` if the page is only busy."""
    reply = refusal(str(error), status_of(error))
    if isinstance(error, Busy):
        reply.headers["Retry-After"] = str(AGAIN)
    return reply
