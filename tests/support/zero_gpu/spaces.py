"""A stand-in for the package of ZeroGPU, as far as the page uses it.

As the package does, it runs a function in a process forked from the page's, kills that at the end of its
time, raises Gradio's own errors, and launches no page that has not wrapped a function before.
"""

import multiprocessing
from collections.abc import Callable
from typing import Any

import gradio as gr

FORK = multiprocessing.get_context("fork")
LOOK = 0.01  # seconds between two looks at the time
wrapped: list[Callable[..., Any]] = []
durations: list[float] = []


def lent(*_: Any) -> None:
    """Waits for the GPU, or raises what the platform says when there is none."""


def is_over(*_: Any) -> bool:
    """Whether the time of what runs is over. No test waits for a minute."""
    return False


def GPU(task: Callable[..., Any], *, duration: float) -> Callable[..., Any]:
    def handler(*words: Any) -> Any:
        lent(*words)
        ours, theirs = FORK.Pipe(duplex=False)
        process = FORK.Process(target=_run, args=(theirs, task, words), daemon=True)
        process.start()
        theirs.close()
        while not ours.poll(LOOK):
            if is_over(*words):
                process.kill()
        process.join()
        try:
            return ours.recv()
        except EOFError:
            raise gr.Error("GPU task aborted", print_exception=False) from None

    wrapped.append(task)
    durations.append(duration)
    return handler


def _run(theirs: Any, task: Callable[..., Any], words: tuple[Any, ...]) -> None:
    theirs.send(task(*words))


_launch = gr.Blocks.launch


def _launched(*words: Any, **more: Any) -> Any:
    if not wrapped:
        raise RuntimeError("No @spaces.GPU function detected during startup")
    return _launch(*words, **more)


gr.Blocks.launch = _launched
