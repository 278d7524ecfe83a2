"""The examples in the library's docstrings: each of them runs, and gives what it says."""

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

import vae_core

MODULES = sorted(each.name for each in walk_packages(vae_core.__path__, "vae_core."))
EXAMPLES = {
    found.name: found
    for module in MODULES
    if not module.endswith("__main__")
    for found in doctest.DocTestFinder(exclude_empty=True).find(import_module(module))
    if found.examples
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_what_it_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    failed = doctest.DocTestRunner().run(EXAMPLES[name]).failed
    assert not failed, capsys.readouterr().out


@pytest.mark.parametrize(
    "room", ["data", "models", "latent", "training", "evaluation", "interpret"]
)
def test_every_room_has_examples(room: str) -> None:
    assert sum(name.startswith(f"vae_core.{room}.") for name in EXAMPLES) >= 2
