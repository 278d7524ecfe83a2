"""The notebooks run from top to bottom, on the data set that needs no network."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.notebook
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_its_plots(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # as if vae_core were installed
    notebook = nbformat.read(path, as_version=4)
    # What comes last in it would otherwise be kept by the kernel alone.
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": os.sep}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    plots = [each for each in shown if "application/vnd.plotly.v1+json" in each.get("data", {})]
    assert len(plots) >= 2
    assert not [each for each in shown if each.get("name") == "stderr" and "Error" in each["text"]]
