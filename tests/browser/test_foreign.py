"""Pages of others: what they can do to this one, and what its own policy keeps it from.

That nothing of the page itself is kept from working is seen by all other tests here: a breach of
its policy is an error in the console.
"""

import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from playground.components import assets
from playground.wire.packing import pack
from tests.support.training import ME, recipe
from vae_core.training.run_directory import RunDir

# What a page can try without asking: each says what came of it.
TRIES = """async (url) => {
  const after = (make) => new Promise((done) => {
    const element = make();
    element.onload = () => done("there");
    element.onerror = () => done("refused");
    document.body.append(element);
  });
  const asked = (path, options) => fetch(url + path, options).then(() => "there", () => "refused");
  return {
    plain: await asked("live/train-runs", { method: "POST", mode: "no-cors", body: "x" }),
    read: await asked("config"),
    image: await after(() => Object.assign(new Image(), { src: url + "favicon.ico" })),
    script: await after(() => Object.assign(document.createElement("script"), { src: url + "config" })),
  };
}"""


class Elsewhere(BaseHTTPRequestHandler):
    """A page of somebody else."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>elsewhere</title>")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def foreign(browser: Browser, elsewhere: str) -> Iterator[Page]:
    """A tab with the page of somebody else, on this machine."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(elsewhere)
    yield page
    context.close()


def test_a_page_of_others_gets_nothing_and_does_nothing(foreign: Page, url: str) -> None:
    assert set(foreign.evaluate(TRIES, url).values()) == {"refused"}


def test_a_form_of_others_deletes_no_run(foreign: Page, url: str, runs: Path) -> None:
    run = RunDir(runs / "mine")
    run.begin(recipe())
    run.write_status("done")
    content = pack({"owner": ME, "id": "mine", "wish": "delete"})
    with foreign.expect_response(f"{url}live/train-wish") as answered:
        foreign.evaluate(
            """([action, content]) => {
              const form = Object.assign(document.createElement("form"), { action, method: "post", enctype: "text/plain" });
              form.append(Object.assign(document.createElement("input"), { name: content }));
              document.body.append(form);
              form.submit();
            }""",
            [f"{url}live/train-wish", content.decode("latin-1")],
        )
    assert answered.value.status == 403 and run.path.exists()
    shutil.rmtree(run.path)  # everybody sees it


def test_the_page_stands_in_no_frame_of_others(foreign: Page, url: str) -> None:
    foreign.evaluate(
        """(src) => new Promise((done) => {
          document.body.append(Object.assign(document.createElement("iframe"), { src, onload: done }));
        })""",
        url,
    )
    assert not foreign.frames[-1].url.startswith(url)


def test_what_gets_into_the_page_sends_nothing_away(
    browser: Browser, url: str, elsewhere: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    sent = page.evaluate(TRIES, elsewhere)
    assert {sent[way] for way in ("plain", "image", "script")} == {"refused"}
    context.close()


NAMES = ("x y", "<b>x</b>", "&lt;b&gt;x", '"]}', '<a href="//evil.example">x</a>')


def test_a_chart_writes_names_as_they_are(page: Page) -> None:
    """Plotly makes links of tags in them, and looks for elements by them."""
    found = page.evaluate(
        """async ([script, names]) => {
          const { Chart } = await import(new URL(script, document.baseURI).href);
          const life = new AbortController();
          const chart = new Chart("names", { signal: life.signal });
          chart.element.style.width = "900px";
          document.body.prepend(chart.element);
          const x = { read: String }, y = { read: String };
          const lines = names.map((label, i) => ({ label, colour: "#123456", points: [[0, i], [1, i]] }));
          const named = async (lines) => {
            chart.show({ x, y, lines });
            const texts = () => [...chart.paper.querySelectorAll(".legendtext")];
            for (let frames = 0; frames < 600 && texts().length !== lines.length; frames++) {
              await new Promise(requestAnimationFrame);
            }
            return texts().map((text) => text.textContent);
          };
          const all = await named(lines);
          const fewer = await named(lines.slice(0, -1));
          const links = chart.paper.querySelectorAll("a").length;
          life.abort();
          chart.element.remove();
          return { all, fewer, links };
        }""",
        [assets.url("ui/charts/chart.js"), NAMES],
    )
    assert found == {"all": list(NAMES), "fewer": list(NAMES[:-1]), "links": 0}
