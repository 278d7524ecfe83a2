"""The documentation is true: its code runs, and it names all there is."""

import re
import runpy
from pathlib import Path

import pytest

from vae_core.__main__ import main
from vae_core.data.datasets import DATASETS
from vae_core.models import MODELS

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text()
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
EXAMPLES = PYTHON.findall(README)
MORE = PYTHON.findall((ROOT / "docs" / "library.md").read_text())


@pytest.mark.parametrize("example", EXAMPLES + MORE)
def test_an_example_of_the_library_runs(
    example: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    (tmp_path / "example.py").write_text(example)
    runpy.run_path(str(tmp_path / "example.py"), run_name="__main__")
    assert re.search(r"\d", capsys.readouterr().out)


def test_the_readme_loads_a_model_in_ten_lines() -> None:
    assert any("load_checkpoint" in example for example in EXAMPLES)
    assert all(len(example.splitlines()) <= 10 for example in EXAMPLES)


@pytest.mark.parametrize("path", sorted((ROOT / "checkpoints").glob("*.safetensors")))
def test_every_checkpoint_is_in_the_readme(path: Path) -> None:
    assert f"`{path.stem}`" in README


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize(
    "words", [["train"], ["sweep"], ["evaluate"], ["embed"], ["experiments"], ["data"]]
)
def test_every_command_has_help(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    help = capsys.readouterr().out
    assert "usage:" in help
    if words == ["train"]:
        assert all(name in help for name in MODELS)
    assert f"python -m vae_core {words[0]}" in README


def test_the_readmes_first_screen_has_both_commands() -> None:
    first = README.split("---", 2)[2][:900]
    assert "pip install -r requirements.txt && python app.py" in first
    assert "pip install -r requirements-dev.txt && pytest" in first


def test_links_and_pictures_in_the_documents_exist() -> None:
    for document in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "checkpoints/README.md",
        ROOT / "docs/hosting.md",
    ):
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
