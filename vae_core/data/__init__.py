"""Pictures: data sets, folders and archives of one's own, and from a drawing to a digit."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
