"""PyTorch's AdamW, without waiting for PyTorch's compiler."""

from inspect import unwrap

import torch


class AdamW(torch.optim.AdamW):
    """The same optimizer, less what its methods are wrapped in.

    At their first call the wrappers import `torch._dynamo`, to tell a compiler to keep off. That
    takes seconds in which a run that was just started shows nothing, and nothing here is compiled.

    Reference:
        Decoupled Weight Decay Regularization (Loshchilov & Hutter, 2017)
        https://arxiv.org/abs/1711.05101
    """

    add_param_group = unwrap(torch.optim.AdamW.add_param_group)
    zero_grad = unwrap(torch.optim.AdamW.zero_grad)
    state_dict = unwrap(torch.optim.AdamW.state_dict)
    load_state_dict = unwrap(torch.optim.AdamW.load_state_dict)
    step = torch.no_grad()(unwrap(torch.optim.AdamW.step))
