"""What the process says of itself: a few events on standard error, as text or as JSON lines.

There is no line for each request, and never a drawing, a code or the secret of a browser:
`--metrics` counts requests. What is said is that the page is up, that its models are loaded, and
whatever goes wrong, with its traceback.
"""

import json
import logging
from datetime import datetime, timezone

EVENTS = logging.getLogger("playground")


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time, level, logger, message, and a traceback if it has one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(
                "T", "milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def begin(as_json: bool) -> None:
    """From now on warnings of all libraries are written, and as JSON the page's events too."""
    handler = logging.StreamHandler()
    if as_json:
        handler.setFormatter(JsonLines())
        EVENTS.setLevel(logging.INFO)
        # Calls of `warnings.warn` would be lines of plain text among the others.
        logging.captureWarnings(True)
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


def take_over() -> None:
    """Lets the web server's records, which it writes by itself, go the way of all others."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        server = logging.getLogger(name)
        server.handlers.clear()
        server.propagate = True
