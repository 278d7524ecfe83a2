"""Shows what a model makes of a picture: python use_model.py model.safetensors picture.png"""

import sys
from pathlib import Path

import torch
from PIL import Image

from vae_core.data.drawings import digit as drawing
from vae_core.training import checkpoints

model = checkpoints.load_checkpoint(sys.argv[1]).model
digit = drawing.to_digit(drawing.open_picture(Path(sys.argv[2]).read_bytes()))  # [28, 28]
images = torch.from_numpy(digit)[None, None] / 255
print("its code:", model.encode(images)[0].tolist())
grey = (model.reconstruct(images)[0, 0] * 255).round().byte()
Image.fromarray(grey.numpy()).save("reconstruction.png")
