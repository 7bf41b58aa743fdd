"""Precision: in which numbers a device computes fast, and the callback that uses them."""

import torch

from ..learner import Callback
from ..mixed_precision import MixedPrecision
from .recipes import TrainError

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


def computes_bf16(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 in hardware, as it says itself."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    known = torch.cpu.get_capabilities() if device.type == "cpu" else {}
    return bool(known.get("avx512_bf16") or known.get("amx_bf16") or known.get("bf16"))


def precision_callbacks(precision: str, device: torch.device) -> list[Callback]:
    """Mixed precision as asked for; with "auto" bfloat16 where the device is fast at it."""
    if precision == "auto":
        precision = "bf16" if computes_bf16(device) else "full"
    if precision == "fp16" and device.type == "cpu":
        raise TrainError("precision=fp16 needs a GPU: processors compute with bf16 or full")
    return [MixedPrecision(DTYPES[precision])] if precision in DTYPES else []
