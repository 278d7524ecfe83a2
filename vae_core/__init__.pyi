from .models import MODELS as MODELS
from .models import build as build
from .models import specify as specify
from .training import TrainConfig as TrainConfig
from .training import load_checkpoint as load_checkpoint
from .training import save_checkpoint as save_checkpoint
from .training import train as train
