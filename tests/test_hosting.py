"""What other machines read of the project: workflows, the Space's settings, the image."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from PIL import Image

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def workflow(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text())


def steps(plain: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in plain["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_says_what_it_may_and_what_it_uses(path: Path) -> None:
    plain = yaml.safe_load(path.read_text())
    assert plain["permissions"] == {"contents": "read"}
    for step in steps(plain):
        assert "run" in step or re.fullmatch(r"[\w-]+/[\w-]+@v\d+(\.\d+)*", step["uses"])


def test_the_workflows_call_what_is_documented() -> None:
    called = {
        step["run"] for path in WORKFLOWS for step in steps(workflow(path.stem)) if "run" in step
    }
    documented = (ROOT / "docs" / "hosting.md").read_text() + (
        ROOT / "CONTRIBUTING.md"
    ).read_text()
    (own,) = [command for command in called if command not in documented]
    assert own.startswith("sed ") and os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_oldest_python_is_the_one_that_the_package_asks_for() -> None:
    (oldest,) = re.findall(
        r'^requires-python = ">=(.*)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    tried = workflow("tests")["jobs"]["check"]["strategy"]["matrix"]["python"]
    assert tried[0] == oldest and len(tried) >= 2


def front_matter() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "README.md").read_text().split("---\n")[1])


def test_the_space_is_described_in_words_that_the_hub_knows() -> None:
    about = front_matter()
    assert (about["sdk"], about["header"], about["app_file"]) == ("gradio", "mini", "app.py")
    assert about["suggested_hardware"] == "zero-a10g"
    assert about["python_version"] in ("3.10.13", "3.12.12")  # those that ZeroGPU has
    assert len(about["short_description"]) <= 60


def test_the_thumbnail_is_a_picture_of_the_space_itself() -> None:
    """Under a name that the workflow puts in."""
    address = front_matter()["thumbnail"]
    assert address.startswith("https://huggingface.co/spaces/OWNER/NAME/resolve/main/")
    assert Image.open(ROOT / address.partition("/main/")[2]).width >= 1000
    assert "s|OWNER/NAME|$SPACE|" in str(steps(workflow("space")))


def test_a_space_gets_a_torch_that_zerogpu_has_and_the_page_allows() -> None:
    pinned, allowed = requirements("pre-requirements.txt"), requirements("requirements.txt")
    assert pinned.keys() == {"torch", "torchvision"}
    for name, specifier in pinned.items():
        (version,) = [each.version for each in specifier]
        assert version in allowed[name]
    # Of August 2026; 2.12 and 2.13 came with a later change.
    assert str(pinned["torch"]) in ("==2.9.1", "==2.10.0", "==2.11.0")


def requirements(file: str) -> dict[str, SpecifierSet]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / file).read_text().splitlines())
    found = [Requirement(line) for line in lines if line]
    return {each.name: each.specifier for each in found}
