"""Runs app.py where somebody has added a model of layers that the page does not know.

VAE_CHECKPOINTS=folder python tests/support/with_own.py [flags of app.py]
"""

import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    from tests.own import Own
    from vae_core.models import MODELS

    MODELS["own"] = Own
    runpy.run_path(str(ROOT / "app.py"), run_name="__main__")
