"""What the page knows: the trained models, what was measured of them, and who may change what."""
