"""The page as files, for a web server that knows no Python: no training, and all else as it is."""

from .export import export as export
