"""A page without a browser, and its facts."""

from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.testclient import TestClient

from playground.routes import facts, live
from playground.store.models import Store

AT = "1"  # the version that these pages give their facts


def page_of(store: Store) -> TestClient:
    """The live routes and the facts of `store`."""
    return TestClient(Starlette(routes=[*live.routes(store), facts.route(store, AT)]))


def fact(client: Any, name: str, *about: str) -> Any:
    """The reply about one fact."""
    return client.get("/".join(["/facts", AT, name, *(quote(each, safe=":") for each in about)]))
