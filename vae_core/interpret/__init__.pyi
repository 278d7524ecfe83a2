from .activations import stage_outputs as stage_outputs
from .activations import unit_effect as unit_effect
from .activations import unit_gradient as unit_gradient
from .gradients import trace as trace
