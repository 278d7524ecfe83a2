"""Everything that the page uses of Gradio and Gradio does not document; all else may rely on it.

`requirements.txt` holds Gradio's minor version, and tests/server/test_gradio_private.py fails for
each of these that a new one changes.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import gradio as gr
from gradio.brotli_middleware import BrotliMiddleware
from gradio.tunneling import CURRENT_TUNNELS
from starlette.types import Scope

# What `launch` is told beside its documented arguments. Gradio asks itself for the page and gives
# up after 3 seconds; a busy machine takes longer.
LAUNCH: Mapping[str, bool] = MappingProxyType({"_frontend": False})

# The addresses of Gradio that are answered, as its own routes write them, and who needs them. What
# is not in here is closed: `Guard` answers no other.
ADDRESSES = (
    # The page: itself, its scripts and styles, and what browsers and crawlers ask for beside it.
    "/",
    "/assets/{path:path}",
    "/static/{path:path}",
    "/theme.css",
    "/favicon.ico",
    "/manifest.json",
    "/robots.txt",
    # The page and programs: an event is put into the queue and followed, or run at once.
    "/gradio_api/queue/join",
    "/gradio_api/queue/data",
    "/gradio_api/run/{api_name}",
    "/gradio_api/cancel",
    "/gradio_api/reset",
    # The page, after the connection was lost: is it the same server?
    "/gradio_api/app_id",
    # Programs: what there is, a call in two requests (curl), and the files that came of one.
    "/config",
    "/gradio_api/info",
    "/gradio_api/call/{api_name}",
    "/gradio_api/call/{api_name}/{event_id}",
    "/gradio_api/call/v2/{api_name}",
    "/gradio_api/call/v2/{api_name}/{event_id}",
    "/gradio_api/file={path_or_url:path}",
    # Language models.
    "/gradio_api/mcp",
    "/gradio_api/mcp/{path:path}",
    # `launch` asks for it, and fails without.
    "/gradio_api/startup-events",
)


class Brotli(BrotliMiddleware):
    """Squeezes every reply, with gzip for who knows nothing better. Gradio's own goes by the name of a file."""

    def _is_compressible_file_type(self, scope: Scope) -> bool:
        return True


def refuse_addresses(page: gr.Blocks) -> None:
    """Lets no request name a file by its address: Gradio would fetch whatever it names, and keep it.

    There is no setting for that, so the method that fetches is replaced in every input.
    """
    for function in page.fns.values():
        for block in function.inputs:
            block.async_move_resource_to_block_cache = _refuse  # type: ignore[method-assign]


async def _refuse(_: Any) -> None:
    raise gr.Error("Files are sent as text in base64, not by address.", print_exception=False)


def end_tunnels() -> None:
    """Ends the processes behind `share`. `close` leaves them, and they outlive ours."""
    for tunnel in CURRENT_TUNNELS:
        tunnel.kill()
