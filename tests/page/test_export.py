"""The static site as files; tests/browser/test_site.py opens it."""

import gzip
import json
import shlex
from pathlib import Path

import pytest

from playground.__main__ import main, parse
from playground.components import assets
from playground.site import export
from playground.store.models import Store
from vae_core.errors import UsageError


def test_a_site_is_written_anew_over_an_earlier_one_and_over_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path / "no models")
    folder = tmp_path / "site"
    size = export(folder, store)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert size == sum((folder / name).stat().st_size for name in files)
    listed = json.loads((folder / "sw.js").read_text(encoding="utf-8").split("\n")[0][13:-1])
    changing = {"index.html", "sw.js", "README.md", "healthz", "weights/index.json.packed"}
    assert {*listed["first"], *listed["rest"]} == files - changing
    (about,) = folder.glob("facts/*/about.packed")
    assert json.loads(gzip.decompress(about.read_bytes()))["models"] == []
    (folder / "facts" / "old").mkdir()
    (folder / ".git").mkdir()
    export(folder, store)
    assert (folder / ".git").is_dir() and not (folder / "facts" / "old").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("my own page")
    with pytest.raises(UsageError, match=r"There are other things in .*index\.html"):
        export(tmp_path / "mine", store)
    assert (tmp_path / "mine" / "index.html").read_text() == "my own page"
    assert f"{assets.VERSION}/page/site.js" in (folder / "index.html").read_text(encoding="utf-8")


def test_what_cannot_be_a_folder_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="could not be written: File name too long"):
        export(tmp_path / ("long" * 100), Store(tmp_path / "no models"))


def test_the_command_that_is_named_can_be_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("playground.site.export", lambda folder: 1)
    main(["export", str(tmp_path / "my site")])
    assert shlex.split(capsys.readouterr().out.splitlines()[1])[-1] == str(tmp_path / "my site")


def test_the_command_asks_for_a_folder() -> None:
    assert parse(["export", "site"]).folder == Path("site")
    with pytest.raises(SystemExit):
        parse(["export"])
