"""The devices of this machine to train on."""

import os

import torch

from ..errors import UsageError, check_name


def best_device(name: str = "auto") -> torch.device:
    """The device called `name`; for `auto` the first there is of cuda, mps, cpu.

    Raises:
        UsageError: if that device is not on this machine.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    there["cpu"] = True
    if name == "auto":
        return torch.device(next(device for device, is_there in there.items() if is_there))
    check_name("device", name, ["auto", *there])
    if not there[name]:
        raise UsageError(f"This machine has no {name} device. Use --device auto or cpu.")
    return torch.device(name)


def faster_in_bfloat16(device: torch.device) -> bool:
    """True if the processor multiplies bfloat16 in hardware; elsewhere it is emulated, slowly."""
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    if device.type == "cpu":
        # PyTorch 2.9 cannot say, so there it is float32.
        has = getattr(torch.cpu, "get_capabilities", dict)()
        return bool(has.get("avx512_bf16") or has.get("amx_bf16") or has.get("sve_bf16"))
    return False


def describe(device: torch.device) -> str:
    """The device in a visitor's words: its name, and its memory or its cores."""
    if device.type == "cuda":
        about = torch.cuda.get_device_properties(device)
        return f"{about.name}, {about.total_memory / 2**30:.0f} GiB"
    if device.type == "mps":
        return "the GPU of this Mac"
    cores = os.cpu_count() or 1
    return f"CPU, {cores} core{'s' if cores > 1 else ''}"
