"""The library by itself: installed where nothing else is but what it says it needs."""

import re
import shutil
import subprocess
import sys
import venv
import zipfile
from email.parser import Parser
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
EVERY_MODULE = """
import pkgutil, vae_core
for module in pkgutil.walk_packages(vae_core.__path__, "vae_core."):
    __import__(module.name)
print(vae_core.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built from a copy: building leaves files behind."""
    source, built = (tmp_path_factory.mktemp(name) for name in ("source", "built"))
    left_out = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "checkpoints", "runs")
    shutil.copytree(ROOT, source, ignore=left_out, dirs_exist_ok=True)
    pip("wheel", "--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", built, source)
    (wheel,) = built.iterdir()
    return wheel


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with the package and, of what is installed here, only what it asks for."""
    home = tmp_path_factory.mktemp("bare")
    venv.create(home, symlinks=True)
    python = home / "bin" / "python"
    site = run(python, home, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    needed: dict[tuple[str, str], set[Path]] = {}
    for requirement in asked_for(wheel)[0]:
        collect(requirement, needed)
    for each in set().union(*needed.values()):
        Path(site.stdout.strip(), each.name).symlink_to(each)
    pip("--python", python, "install", "--no-deps", "--no-index", wheel)
    return python


def pip(*words: object) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *map(str, words)], check=True)


def asked_for(wheel: Path) -> tuple[list[Requirement], list[Requirement]]:
    """What the package needs, and what its extra for the page does."""
    with zipfile.ZipFile(wheel) as archive:
        (about,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = Parser().parsestr(archive.read(about).decode()).get_all("Requires-Dist", [])
    own = [Requirement(line) for line in lines if "extra ==" not in line]
    page = [Requirement(line.partition(";")[0]) for line in lines if "extra ==" in line]
    return own, page


def collect(requirement: Requirement, found: dict[tuple[str, str], set[Path]]) -> None:
    """Adds the files and folders that it has in site-packages here, and those of what it needs."""
    here = distribution(requirement.name)
    for extra in ("", *requirement.extras):
        if (here.name, extra) in found:
            continue
        tops = {file.parts[0] for file in here.files or []} - {".."}
        found[here.name, extra] = {Path(str(here.locate_file(top))) for top in tops}
        for each in map(Requirement, here.requires or []):
            if each.marker is None or each.marker.evaluate({"extra": extra}):
                collect(each, found)


def run(python: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, *words], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_package_is_the_library_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    packed = {name for name in names if ".dist-info/" not in name}
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "vae_core").rglob("*.py*")}
    here = {path for path in here if path.endswith((".py", ".pyi"))}
    assert packed == here | {"vae_core/py.typed"}


def test_the_library_asks_for_lines_of_the_pages_requirements(wheel: Path) -> None:
    own, page = asked_for(wheel)
    assert set(map(str, own)) < set(map(str, page))
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    stated = [line.partition("#")[0] for line in lines]
    assert set(page) == {Requirement(line) for line in stated if line.strip()}


def test_the_readme_runs_and_every_module_can_be_imported_where_only_its_needs_are(
    python: Path, tmp_path: Path
) -> None:
    """Both in one process, as importing torch takes the longest by far."""
    (tmp_path / "checkpoints").symlink_to(ROOT / "checkpoints")
    done = run(python, tmp_path, "-c", "\n".join([*EXAMPLES, EVERY_MODULE]))
    assert done.returncode == 0, done.stderr
    *said, where = done.stdout.strip().splitlines()
    assert "nats an image" in "\n".join(said)
    assert Path(where).is_relative_to(python.parent.parent)
    for name in ("playground", "gradio", "plotly"):
        assert f"No module named '{name}'" in run(python, tmp_path, "-c", f"import {name}").stderr
