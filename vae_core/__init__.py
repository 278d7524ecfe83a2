"""Autoencoders on small pictures: models, training, checkpoints and the numbers they reach.

    from vae_core import MODELS, load_checkpoint, train

Each room hands on the names that people use; `__init__.pyi` lists them. They are loaded when they are
first used, so that the page can answer before PyTorch is there.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
