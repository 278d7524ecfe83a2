"""Which runs make room for another one: those that have ended, of whoever has the most."""

from collections import Counter
from collections.abc import Callable, Sequence

from vae_core.errors import UsageError

from .limits import Limits
from .run import ENDED, Run


def beyond_count(mine: Sequence[Run], limits: Limits) -> list[Run]:
    """The oldest of one visitor's runs that leave room for one more.

    Raises:
        UsageError: if too few have ended.
    """
    if limits.runs is None:
        return []
    count = len(mine) - limits.runs + 1
    ended = [run for run in mine if run.state in ENDED]
    if count > len(ended):
        raise UsageError(
            f"This browser has {len(mine) - len(ended)} runs that have not ended, and it may have "
            f"{limits.runs}. Stop or delete one of them."
        )
    return ended[: max(0, count)]


def beyond_size(
    runs: Sequence[Run], megabytes: float | None, size: Callable[[str], int], others: int = 0
) -> list[Run]:
    """The runs that are too many for the disk: the oldest of whoever's runs take the most of it.

    Arguments:
        runs: the oldest first.
        size: in bytes, of a run by its id.
        others: bytes that something else takes of the same space.

    Raises:
        UsageError: if all that have ended together do not make enough room.
    """
    if megabytes is None:
        return []
    sizes = {run.id: size(run.id) for run in runs}
    weights: Counter[str | None] = Counter()
    for run in runs:
        weights[run.record.owner] += sizes[run.id]
    ended = [run for run in runs if run.state in ENDED]
    left, chosen = megabytes * 1e6 - others - sum(sizes.values()), []
    while left < 0:
        if not ended:
            raise UsageError(
                "The disk space for runs is used up, and all of them are in use. Try again later."
            )
        heaviest = max((run.record.owner for run in ended), key=lambda owner: weights[owner])
        run = next(run for run in ended if run.record.owner == heaviest)
        ended.remove(run)
        chosen.append(run)
        weights[heaviest] -= sizes[run.id]
        left += sizes[run.id]
    return chosen
