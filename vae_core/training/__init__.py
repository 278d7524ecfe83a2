"""Training: settings, the loop, checkpoints, and runs that can be watched and gone on with."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
