from .corruption import CORRUPTIONS as CORRUPTIONS
from .corruption import corrupt as corrupt
from .datasets import DATASETS as DATASETS
from .datasets import load as load
from .drawings.digit import to_digit as to_digit
from .strokes import draw as draw
from .strokes import example_digits as example_digits
from .tasks import TASKS as TASKS
