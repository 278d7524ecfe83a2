"""The image without Docker: the same files, variables and command, as a user without rights."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement

from tests.support.ports import free_port

ROOT = Path(__file__).parent.parent
LINES = re.sub(r" *\\\n *", " ", (ROOT / "Dockerfile").read_text()).splitlines()
NOBODY = 65534
START = 120  # seconds
# Who is root here may not own what the image holds, nor write to it; to read it, and the Python that
# may lie in root's own folder, is the one right that is left. Who is nobody in particular stays it.
AS_NOBODY = (
    (
        f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --no-new-privs "
        "--bounding-set=-all,+dac_read_search --inh-caps=-all,+dac_read_search "
        "--ambient-caps=-all,+dac_read_search"
    ).split()
    if os.geteuid() == 0
    else []
)


def said(instruction: str) -> list[str]:
    """What follows an instruction, each time it stands in the Dockerfile."""
    return [line.partition(" ")[2] for line in LINES if line.startswith(f"{instruction} ")]


class Image(NamedTuple):
    root: Path
    runs: Path
    environment: dict[str, str]


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """What the image holds at /app, which belongs to root, and the one folder of the page's user."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)  # another user has to get through
        app, runs = Path(place, "app"), Path(place, "runs")
        app.mkdir()
        for copied in said("COPY"):
            *sources, _ = copied.split()
            for source in sources:
                _copy(ROOT / source, app / source)
        runs.mkdir()
        if os.geteuid() == 0:
            os.chown(runs, NOBODY, NOBODY)
        words = " ".join(said("ENV")).replace("/runs", str(runs)).split()
        variables = dict(word.split("=") for word in words)
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        port = str(free_port())
        yield Image(app, runs, {**kept, **variables, "GRADIO_SERVER_PORT": port})


def _copy(source: Path, target: Path) -> None:
    """Copies what .dockerignore lets through."""
    allowed = (ROOT / ".dockerignore").read_text().split()
    assert allowed[0] == "*" and f"!{source.name}" in allowed, source
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def run(image: Image, words: list[str]) -> subprocess.Popen[str]:
    """A command of the image. Its Python is the one that runs the tests, wherever that lies."""
    assert words[0] == "python"
    return subprocess.Popen(
        [*AS_NOBODY, sys.executable, *words[1:]],
        cwd=image.root,
        env=image.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_the_page_starts_and_its_health_is_told(image: Image) -> None:
    (entry,), (flags,) = said("ENTRYPOINT"), said("CMD")
    (check,) = said("HEALTHCHECK")
    check = json.loads(check.partition(" CMD ")[2])
    if AS_NOBODY:
        assert run(image, ["python", "-c", "open('app.py', 'a')"]).wait(START) == 1
    before = sorted(image.root.rglob("*"))
    assert run(image, check).wait(START) == 1  # nobody is there yet
    page = run(image, json.loads(entry) + json.loads(flags))
    try:
        until = time.monotonic() + START
        while (found := run(image, check).wait(START)) and time.monotonic() < until:
            assert page.poll() is None, page.communicate()[0]
            time.sleep(0.5)
        assert found == 0
    finally:
        page.terminate()
        log, _ = page.communicate(timeout=START)
    assert page.returncode == 0, log
    assert "cannot be written to" not in log and "Traceback" not in log
    assert sorted(image.root.rglob("*")) == before


def test_the_user_of_the_page_has_no_rights_and_no_files() -> None:
    order = [line.split()[0] for line in LINES if line and not line.startswith(("#", " "))]
    assert said("USER") == ["page"] and order.index("USER") < order.index("ENTRYPOINT")
    assert "COPY" not in order[order.index("USER") :] and "--chown" not in "".join(said("COPY"))


def test_the_image_has_what_the_page_needs_and_no_test_package() -> None:
    installed = " ".join(said("RUN"))
    assert installed.count("-r requirements.txt") == 1 and "requirements-dev" not in installed
    of_tests = names("requirements-dev.txt") - names("requirements.txt")
    assert {"pytest", "playwright", "ruff"} <= of_tests
    assert not of_tests & set(re.findall(r"[\w-]+", installed))


def test_torch_comes_first_and_from_where_the_build_says() -> None:
    """What comes after it would bring the builds for graphics cards."""
    install = next(line for line in said("RUN") if "pip" in line)
    first, second = (part.partition("pip install ")[2] for part in install.split("&&")[1:])
    assert '--index-url "${TORCH}" -r torch.txt' in first and "-r requirements.txt" in second
    assert next(line for line in said("ARG") if line.startswith("TORCH=")).endswith("/whl/cpu")
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert [line.split(">")[0] for line in lines if line.startswith("torch")] == [
        "torch",
        "torchvision",
    ]


def names(file: str) -> set[str]:
    stated = (line.partition("#")[0].strip() for line in (ROOT / file).read_text().splitlines())
    return {Requirement(line).name for line in stated if line and not line.startswith("-")}
