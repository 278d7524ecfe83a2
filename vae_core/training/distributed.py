"""Several processes that train one model together, as `torchrun` starts them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, distributed

from .devices import best_device


@contextmanager
def process_group(device: str) -> Iterator[torch.device]:
    """The device of this process; under `torchrun`, in touch with all the others.

    Arguments:
        device: as for `best_device`. Each process gets a GPU of its own where there are GPUs.

    Raises:
        UsageError: if that device is not on this machine.
    """
    chosen = best_device(device)
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield chosen
        return
    if chosen.type == "cuda":
        chosen = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(chosen)
    distributed.init_process_group("nccl" if chosen.type == "cuda" else "gloo")
    try:
        yield chosen
    finally:
        distributed.destroy_process_group()


def is_main_process() -> bool:
    """True in the process that writes, also before `process_group` joins them."""
    return os.environ.get("RANK", "0") == "0"


def rank_and_world_size() -> tuple[int, int]:
    """The number of this process, and how many train together: 0 and 1 if it is alone."""
    if not (distributed.is_available() and distributed.is_initialized()):
        return 0, 1
    return distributed.get_rank(), distributed.get_world_size()


def average(numbers: Tensor) -> Tensor:
    """The numbers averaged over all processes."""
    total = numbers.clone()
    distributed.all_reduce(total)
    return total / distributed.get_world_size()


def broadcast_decision(by_the_first: bool) -> bool:
    """The decision of the first process, for all of them; each must ask."""
    if rank_and_world_size()[1] == 1:
        return by_the_first
    device = "cuda" if distributed.get_backend() == "nccl" else "cpu"
    said = torch.tensor([int(by_the_first)], device=device)
    distributed.broadcast(said, 0)
    return bool(said.item())
