"""A look inside a model: what its layers put out, what its units stand for, and its gradients."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
