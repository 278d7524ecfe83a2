"""Data sets by name, as uint8 tensors in memory, with a stated split.

Those that torchvision reads lie in `$VAE_DATA_DIR` (default: a cache folder), and are downloaded
there once when asked. `digits` needs no network: it comes with scikit-learn. Pictures of your own
are named by where they are: see `folders`. Add a data set with a record in `sets` and one line in
`DATASETS`.
"""

from ..errors import check_name
from ..types import Pictures
from . import folders
from .sets.cifar import CIFAR10
from .sets.digits import DIGITS
from .sets.mnist import FASHION, KMNIST, LETTERS, MNIST
from .sets.record import DataSet

DATASETS: dict[str, DataSet] = {
    "digits": DIGITS,
    "mnist": MNIST,
    "fashionmnist": FASHION,
    "kmnist": KMNIST,
    "letters": LETTERS,
    "cifar10": CIFAR10,
}
SPLITS = {
    "train": "the training images, less those held out for validation",
    "validation": "training images held out while settings are chosen",
    "all": "train and validation together, for the final weights",
    "test": "never seen in training; for final numbers only",
}


def load(name: str, split: str = "train", download: bool = False) -> Pictures:
    """The images of one split of a data set.

    Raises:
        UsageError: if the data set or split is unknown, is not there, or its files are damaged.

    Example:
        >>> images, labels = load("digits", "test")
        >>> images.shape, images.dtype
        (torch.Size([300, 1, 28, 28]), torch.uint8)
    """
    check_dataset(name)
    check_name("split", split, SPLITS)
    if folders.is_own(name):
        return folders.load(name, split)
    return DATASETS[name].read(split, download)


def check_dataset(name: object) -> None:
    """Refuses what cannot be the name of a data set; whether it is there, `load` says.

    Raises:
        UsageError: with the nearest name, or what is wrong with the path.
    """
    if not folders.is_own(name):
        check_name("data set", name, [*DATASETS, *folders.FORMS])


def present(name: str) -> bool:
    """True if a data set needs no download; that its files are whole, `load` says."""
    return folders.place_of(name).exists() if folders.is_own(name) else DATASETS[name].is_here()


def count(name: str) -> int:
    """The number of images to train on; pictures of one's own are read to know."""
    return DATASETS[name].count if name in DATASETS else len(load(name, "train").images)
