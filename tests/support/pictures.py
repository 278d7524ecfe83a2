"""Small pictures of one's own for tests: as files in a folder, and in zip archives."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from tests.support.samples import as_file


def blob(seed: int, size: tuple[int, int] = (40, 30)) -> Image.Image:
    """A grey picture that no other seed has, dark with a light spot somewhere."""
    chance = np.random.default_rng(seed)
    across, down = (np.linspace(-1, 1, side) for side in size)
    x, y = chance.uniform(-0.5, 0.5, 2)
    far = (across[None] - x) ** 2 + (down[:, None] - y) ** 2
    light = 20 + seed % 50 + 160 * np.exp(-far * chance.uniform(4, 12))
    return Image.fromarray(light.astype(np.uint8))


def files(count: int = 60, classes: int = 2) -> dict[str, bytes]:
    """Pictures as PNG files by name, in as many folders as there are classes."""
    return {f"set/{i % classes}/{i:04}.png": as_file(blob(i)) for i in range(count)}


def zipped(content: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return whole.getvalue()


def laid(folder: Path, content: Mapping[str, bytes]) -> Path:
    """The same files in a folder."""
    for name, data in content.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder
