"""The endpoints for programs: the examples of docs/api.md run, and hostile requests are refused."""

import base64
import inspect
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest
import torch
from gradio_client.exceptions import AppError
from mcp import ClientSession, types
from mcp.client.streamable_http import streamable_http_client
from PIL import Image

from playground.api import ENDPOINTS, endpoint, files, latent, training
from playground.api.digits import reconstruct
from playground.api.files import as_text, decoded, digit_of, grid
from playground.gate.seats import Gate
from playground.runs import process
from playground.runs.jobs import Jobs
from playground.runs.limits import HOSTED
from playground.server.serve import launched
from playground.store.models import Store
from tests.conftest import play
from tests.support import forked
from tests.support.samples import BAD_PICTURES, INK, PICTURES
from vae_core.data.drawings.digit import open_picture, to_digit
from vae_core.errors import UsageError
from vae_core.types import to_bytes, to_floats

ROOT = Path(__file__).parent.parent.parent
README, DOCUMENT = ((ROOT / name).read_text() for name in ("README.md", "docs/api.md"))
FIRST, *CHAPTERS = re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)
EXAMPLES = {part.split("\n")[0]: part for part in CHAPTERS if "```python" in part}
NAMES = {work.__name__ for work in ENDPOINTS}
REFUSED = "event: error"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a page runs that was started as `serve` does it."""
    store = Store(jobs=Jobs(tmp_path_factory.mktemp("runs")))
    page, (url,) = launched(store)
    store.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "spawn", forked.spawn)
        yield url
    store.jobs.close()
    page.close(verbose=False)


@pytest.fixture(scope="module")
def known(address: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the first example leaves behind for the others."""
    names: dict[str, Any] = {}
    (code,) = blocks(FIRST)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("first"))
        exec(code.replace("http://127.0.0.1:7860", address), names)  # noqa: S102 - our document
    return names


def test_the_readme_has_the_first_example() -> None:
    (example,) = re.findall(r"```py\n(.*?)```", README, re.DOTALL)
    assert [example] == blocks(FIRST)


def blocks(text: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


@pytest.fixture(autouse=True)
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples write files beside themselves."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("chapter", EXAMPLES)
def test_the_examples_of_a_chapter_run(
    chapter: str, known: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    names = dict(known)
    for number, code in enumerate(blocks(EXAMPLES[chapter])):
        # One after the other: Training goes on with the run that it started.
        exec("import base64\nfrom pathlib import Path\n" + code, names)  # noqa: S102 - our document
        assert capsys.readouterr().out.strip(), f"example {number} says nothing"


def test_the_document_and_the_page_have_the_same_endpoints(known: dict[str, Any]) -> None:
    there = known["client"].view_api(return_format="dict", print_info=False)
    assert set(there["named_endpoints"]) == {f"/{name}" for name in NAMES}
    assert not there["unnamed_endpoints"]
    assert set(re.findall(r"`/(\w+)`", DOCUMENT)) == NAMES
    assert set(re.findall(r'api_name="/(\w+)"', DOCUMENT)) == NAMES


@pytest.mark.parametrize("work", ENDPOINTS, ids=lambda work: work.__name__)
def test_every_argument_of_an_endpoint_is_typed(work: Any) -> None:
    for name in list(inspect.signature(work).parameters)[1:]:
        assert work.__annotations__[name] is not Any


def test_a_reconstruction_is_the_models(store: Store) -> None:
    names, digit = ["vae-20", "conv-32"], to_digit(INK)
    numbers, file = reconstruct(store, as_text(digit), names, scale=1)
    image = to_floats(torch.from_numpy(digit)[None, None])
    with torch.inference_mode():
        drawn = [store.get(name).model.reconstruct(image) for name in names]
    errors = [(each - image).square().mean().item() for each in drawn]
    assert [row["mse"] for row in numbers["models"]] == pytest.approx(errors)
    strip = np.asarray(Image.open(file.path))
    wanted = np.hstack([digit, digit, *(to_bytes(each)[0, 0].numpy() for each in drawn)])
    assert np.array_equal(strip, wanted)


def test_decoding_a_code_gives_the_reconstruction(store: Store) -> None:
    codes = latent.encode(store, ["3 round", "8 in one"], "vae-20")
    _, file = latent.decode(store, codes["codes"], "vae-20", scale=1)
    _, seen = reconstruct(store, "8 in one", ["vae-20"], scale=1)
    pictures, strip = np.asarray(Image.open(file.path)), np.asarray(Image.open(seen.path))
    assert np.abs(pictures[:, 28:].astype(int) - strip[:, 56:]).max() <= 1  # batches round apart


def test_a_grey_picture_of_28x28_is_taken_as_it_is_and_others_are_not() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (28, 28), np.uint8)
    assert np.array_equal(digit_of(as_text(noise)), noise)
    for file in PICTURES.values():
        assert np.array_equal(
            digit_of(base64.b64encode(file).decode()), to_digit(open_picture(file))
        )


@pytest.mark.parametrize("file", BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_a_bad_picture_is_refused_in_words(file: bytes) -> None:
    with pytest.raises(UsageError):
        digit_of(base64.b64encode(file).decode())


@pytest.mark.parametrize("picture", ["/etc/passwd", "http://localhost/x", "", "é", None, 7, {}])
def test_what_is_no_picture_is_refused_in_words(picture: Any) -> None:
    with pytest.raises(UsageError):
        digit_of(picture)


def test_too_large_a_file_is_neither_decoded_nor_drawn() -> None:
    with pytest.raises(UsageError, match="too large"):
        decoded("A" * 3000, 1024)
    with pytest.raises(UsageError, match="million pixels"):
        grid(np.zeros((64, 64, 28, 28), np.uint8), 16)


def test_a_file_that_is_there_is_not_written_again_while_somebody_reads_it() -> None:
    first = files.file("pictures.png", b"the same content")
    before = Path(first.path).stat()
    again = files.file("pictures.png", b"the same content")
    after = Path(again.path).stat()
    assert again.path == first.path and Path(again.path).read_bytes() == b"the same content"
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [path.name for path in Path(again.path).parent.iterdir()] == ["pictures.png"]


def asked(address: str, name: str, data: list[Any]) -> str:
    """The reply to a request as a stranger may write it."""
    import httpx

    url = f"{address}gradio_api/call/{name}"
    event = httpx.post(url, json={"data": data}, timeout=60).json()["event_id"]
    return httpx.get(f"{url}/{event}", timeout=60).text


@pytest.mark.parametrize("meta", [{}, {"meta": {"_type": "gradio.FileData"}}])
@pytest.mark.parametrize("key", ["path", "url"])
@pytest.mark.parametrize("name", ["/etc/passwd", "file:///etc/passwd", "http://example.org/x.png"])
def test_no_request_names_a_file_of_the_server(
    address: str, name: str, key: str, meta: dict[str, Any]
) -> None:
    reply = asked(address, "digit", [{"path": name, key: name, **meta}, 4])
    assert reply.startswith(REFUSED)
    assert "root:" not in reply and "Traceback" not in reply
    if meta and name.startswith("http"):
        assert "not by address" in reply  # and nothing was fetched
    inside = asked(address, "encode", [[{"path": name, key: name, **meta}], "vae-2"])
    assert inside.startswith(REFUSED)


def test_an_error_is_a_sentence_without_a_traceback(
    known: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(AppError, match=r"Did you mean 'vae-20'\?") as caught:
        known["client"].predict("3 round", ["vae20"], api_name="/reconstruct")
    assert "Traceback" not in str(caught.value) + capsys.readouterr().err


@pytest.mark.parametrize(
    ("work", "arguments", "words"),
    [
        (latent.decode, ([[1.0, float("nan")]], "vae-2"), "must be a number from"),
        (latent.decode, ([[1.0], [1.0, 2.0]], "vae-2"), "all of one length"),
        (latent.decode, ("a", "vae-2"), "lists of numbers"),
        (latent.sheet, ("vae-2", "whole", None, 0, 1, float("nan")), "must be a number from"),
        (latent.latents, ("../vae-2",), "No model is called"),
        (latent.latent_map, ("vae-20",), "two numbers"),
        (training.check_training, ("vae", "digits", 2, 20, [1]), "options must be an object"),
    ],
)
def test_hostile_arguments_are_refused_in_words(
    work: Any, arguments: tuple[Any, ...], words: str, store: Store
) -> None:
    with pytest.raises(UsageError, match=words):
        work(store, *arguments)


def test_the_limits_of_a_hosted_page_hold_for_programs(tmp_path: Path) -> None:
    hosted = Store(jobs=Jobs(tmp_path, HOSTED))
    with pytest.raises(UsageError, match="on this page a run may look at"):
        training.train(hosted, "a" * 20, epochs=100_000)
    assert not list(tmp_path.iterdir())


def test_too_many_requests_at_once_are_told_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        monkeypatch.setattr(endpoint, "GATE", Gate(seats=1))
        ask: Any = endpoint.answering(latent.latents, store)
        with endpoint.GATE.seats(), pytest.raises(gr.Error, match="Many visitors use this page"):
            await ask("vae-2")
        assert (await ask("vae-2"))["order"]  # and the seat was given back

    play(scene())


def test_the_page_is_an_mcp_server(address: str) -> None:
    async def talk() -> tuple[list[types.Tool], list[types.CallToolResult]]:
        async with (
            streamable_http_client(f"{address}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            seven = [[[0.3, 0.2], [0.7, 0.2], [0.4, 0.9]]]
            wishes: list[tuple[str, dict[str, Any]]] = [
                ("draw", {"strokes": seven}),
                ("reconstruct", {"digit": "7 plain", "models": ["vae-20"]}),
                ("reconstruct", {"digit": "7 plain", "models": ["vae20"]}),
            ]
            return tools, [await session.call_tool(*wish) for wish in wishes]

    tools, (drawn, seen, refused) = play(talk())
    assert {tool.name for tool in tools} == NAMES
    for tool in tools:
        assert tool.description
        assert all(each["description"] for each in tool.inputSchema["properties"].values())
    assert "data:image/png;base64," in text_of(drawn)
    (picture,) = (part for part in seen.content if isinstance(part, types.ImageContent))
    assert Image.open(io.BytesIO(base64.b64decode(picture.data))).size == (3 * 112, 112)
    assert "psnr_db" in text_of(seen)
    assert refused.isError and "Did you mean 'vae-20'?" in text_of(refused)


def text_of(result: types.CallToolResult) -> str:
    return "".join(part.text for part in result.content if isinstance(part, types.TextContent))


def test_the_command_for_curl_and_the_configuration_for_mcp_are_true(address: str) -> None:
    import httpx

    (body,) = re.findall(r"-d '(.*?)'", DOCUMENT)
    url = f"{address}gradio_api/call/v2/encode"
    event = httpx.post(url, json=json.loads(body), timeout=60).json()["event_id"]
    reply = httpx.get(f"{address}gradio_api/call/encode/{event}", timeout=60).text
    assert "event: complete" in reply and "codes" in reply
    (config,) = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    assert json.loads(config)["mcpServers"]["vae-playground"]["url"].endswith("/gradio_api/mcp/")
