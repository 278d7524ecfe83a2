"""The fully connected and the convolutional encoder and decoder, shared by the models."""

from itertools import pairwise
from math import prod

from torch import Tensor, nn

from ..errors import UsageError
from ..types import ImageShape


def mlp(sizes: list[int]) -> list[nn.Module]:
    """Fully connected layers from sizes[0] to sizes[-1] numbers, a SiLU between each two."""
    layers: list[nn.Module] = []
    for size_in, size_out in pairwise(sizes):
        layers += [nn.Linear(size_in, size_out), nn.SiLU()]
    return layers[:-1]


def mlp_encoder(image_shape: ImageShape, numbers: int, width: int, depth: int) -> nn.Sequential:
    """[b, c, h, w] -> [b, numbers] through `depth` hidden layers of `width` units."""
    return nn.Sequential(nn.Flatten(), *mlp([prod(image_shape), *[width] * depth, numbers]))


def mlp_decoder(image_shape: ImageShape, numbers: int, width: int, depth: int) -> nn.Sequential:
    """[b, numbers] -> [b, c, h, w] through `depth` hidden layers of `width` units."""
    return nn.Sequential(
        *mlp([numbers, *[width] * depth, prod(image_shape)]), nn.Unflatten(1, image_shape)
    )


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions whose result is added to their input; the size stays.

    Reference:
        Identity Mappings in Deep Residual Networks (He et al., 2016)
        https://arxiv.org/abs/1603.05027
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.change = nn.Sequential(
            nn.SiLU(),
            nn.Conv2d(channels, channels, kernel_size=3, padding=1),
            nn.SiLU(),
            nn.Conv2d(channels, channels, kernel_size=3, padding=1),
        )

    def forward(self, features: Tensor) -> Tensor:
        return features + self.change(features)


def conv_core(image_shape: ImageShape, width: int) -> tuple[int, int, int]:
    """(c, h, w) of the image at its smallest, a quarter of each side.

    Raises:
        UsageError: if height or width does not divide by 4.
    """
    _, height, width_px = image_shape
    if height % 4 or width_px % 4:
        raise UsageError(
            "A convolutional model halves the image twice, so height and width must divide "
            f"by 4; got {height}x{width_px}. Resize the images, or choose 'vanilla' or 'vae'."
        )
    return 2 * width, height // 4, width_px // 4


def conv_encoder(image_shape: ImageShape, numbers: int, width: int, depth: int) -> nn.Sequential:
    """[b, c, h, w] -> [b, numbers]: two strided convolutions, then a hidden layer.

    `width` channels at half the size and twice as many at a quarter, with `depth` residual
    blocks at each; the hidden layer has 8 * width units.
    """
    core = conv_core(image_shape, width)
    return nn.Sequential(
        nn.Conv2d(image_shape[0], width, kernel_size=4, stride=2, padding=1),
        *[ResidualBlock(width) for _ in range(depth)],
        nn.SiLU(),
        nn.Conv2d(width, 2 * width, kernel_size=4, stride=2, padding=1),
        *[ResidualBlock(2 * width) for _ in range(depth)],
        nn.SiLU(),
        nn.Flatten(),
        *mlp([prod(core), 8 * width, numbers]),
    )


def conv_decoder(drawn_shape: ImageShape, numbers: int, width: int, depth: int) -> nn.Sequential:
    """[b, numbers] -> [b, c, h, w]: the encoder backwards, with transposed convolutions."""
    core = conv_core(drawn_shape, width)
    return nn.Sequential(
        *mlp([numbers, 8 * width, prod(core)]),
        nn.Unflatten(1, core),
        *[ResidualBlock(2 * width) for _ in range(depth)],
        nn.SiLU(),
        nn.ConvTranspose2d(2 * width, width, kernel_size=4, stride=2, padding=1),
        *[ResidualBlock(width) for _ in range(depth)],
        nn.SiLU(),
        nn.ConvTranspose2d(width, drawn_shape[0], kernel_size=4, stride=2, padding=1),
    )
