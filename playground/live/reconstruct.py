"""What every chosen model makes of the drawing."""

from typing import TYPE_CHECKING, Any

from vae_core.errors import UsageError

from ..request import ModelNames, read
from ..store import Store
from ..wire import pack, unpack
from .answer import LARGEST_DRAWING, Answer
from .drawing import NoisyDrawing

if TYPE_CHECKING:
    from ..inference.reconstruction import Comparison, Task


class ReconstructRequest(NoisyDrawing):
    """A drawing on its way through several models."""

    models: ModelNames

    def task(self, ink: bytes, store: Store) -> "Task":
        """The same, as `inference` takes it.

        Raises:
            UsageError: if the ink is no drawing, or a model cannot be used.
        """
        digit = self.digit_in(ink)
        from ..inference.reconstruction import Task

        models = [store.get(name) for name in self.models]
        return Task(digit, self.noise.plain(), models, self.sample)


def reconstruct(message: bytes, store: Store) -> bytes:
    """Every chosen model's view of the drawing in `message`, as one message.

    The body of the reply is: the clean digit, the noisy one, one picture per model; then the
    code of each model and, where it is a cloud, its means and standard deviations, as float32.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    (reply,) = reconstruct_many([message], store)
    if isinstance(reply, UsageError):
        raise reply
    return reply


def reconstruct_many(messages: list[bytes], store: Store) -> list[bytes | UsageError]:
    """The replies to several messages; a UsageError for each that cannot be answered."""
    from ..inference.reconstruction import compare_many

    asked = [_task(message, store) for message in messages]
    fair = [each for each in asked if not isinstance(each, UsageError)]
    seen = iter(compare_many(fair) if fair else ())
    return [each if isinstance(each, UsageError) else _packed(each, next(seen)) for each in asked]


def _task(message: bytes, store: Store) -> "Task | UsageError":
    try:
        header, ink = unpack(message)
        return read(ReconstructRequest, header, store).task(ink, store)
    except UsageError as error:
        return error


def _packed(task: "Task", seen: "Comparison") -> bytes:
    from ..inference.reconstruction import finite

    about: dict[str, Any] = {
        "side": task.digit.shape[0],
        "noisy": {"mse": seen.mse, "psnr": finite(seen.psnr_db)},
        "models": [
            {
                "name": model.name,
                "mse": view.mse,
                "psnr": finite(view.psnr_db),
                "code": len(view.latents),
                "cloud": view.cloud is not None,
                "active": view.active,
                "sampled": view.sampled,
            }
            for model, view in zip(task.models, seen.views, strict=True)
        ],
    }
    parts = [task.digit, seen.noisy, *(view.picture for view in seen.views)]
    for view in seen.views:
        parts.extend(part.astype("<f4") for part in (view.latents, view.cloud) if part is not None)
    return pack(about, b"".join(part.tobytes() for part in parts))


def noise_curves(message: bytes, store: Store) -> dict[str, Any]:
    """PSNR in dB at each of the `strengths` of the noise, of the noisy digit and by model.

    The message is one to `reconstruct`; the strength of its noise and its sample do not matter.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    header, ink = unpack(message)
    task = read(ReconstructRequest, header, store).task(ink, store)
    from ..inference.reconstruction import STRENGTHS, finite, psnr_curves

    curves = psnr_curves(task.digit, task.noise, task.models)
    noisy, *rest = ([finite(psnr) for psnr in curve] for curve in curves.values())
    models = {model.name: curve for model, curve in zip(task.models, rest, strict=True)}
    return {"strengths": STRENGTHS, "noisy": noisy, "models": models}


ANSWERS: tuple[Answer, ...] = (
    Answer("reconstruct", reconstruct, LARGEST_DRAWING, reconstruct_many),
    Answer("noise-curves", noise_curves, LARGEST_DRAWING, slow=True),
)
