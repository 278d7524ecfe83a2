"""How long t-SNE takes, how good its map is, and whether a web server could answer meanwhile.

    python benchmarks/tsne.py --points 1000 2000

Maps the first latents of vae-20 with scikit-learn's t-SNE and with openTSNE's, as `vae_core` runs
it and with its other gradient and neighbour search: the same perplexity, 250 exaggerated steps
and 500 more, a map every 25 steps where there are any. Meanwhile another thread asks to be woken
every 5 ms, and how late that happens is how long a reply of the same process would wait. Prints a
table and, as the last line, one JSON object.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np
import openTSNE
from numpy.typing import NDArray
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from vae_core import types
from vae_core.data import datasets
from vae_core.errors import UsageError
from vae_core.latent.embedding import map_accuracy, trustworthiness
from vae_core.latent.tsne_steps import Frame, TsneSettings, tsne
from vae_core.models import inference
from vae_core.training import checkpoints

SETTINGS = TsneSettings()
EVERY = 25
SLEEP = 0.005  # seconds
Latents = NDArray[np.float32]
Result = tuple[NDArray, float]  # the map, and its KL in nats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--points", type=int, nargs="+", default=[1000, 2000, 5000])
    counts = parser.parse_args().points
    latents, labels, source = latents_of_vae()
    list(tsne(latents[:200], TsneSettings(iterations=5)))  # unmeasured: what is loaded once
    rows = []
    for count in sorted({min(count, len(latents)) for count in counts}):
        for (method, threads), run in METHODS.items():
            with threadpool_limits(threads):
                measured = measure(run, latents[:count])
            points, kl = measured.pop("result")
            rows.append(
                {
                    "points": count,
                    "method": method,
                    "threads": threads,
                    **measured,
                    "kl_nats": round(kl, 3),
                    "trustworthiness": round(trustworthiness(latents[:count], points), 4),
                    "knn_accuracy": round(map_accuracy(points, labels[:count]), 4),
                }
            )
    report(rows, source)


def latents_of_vae() -> tuple[Latents, NDArray, str]:
    """The test images' latents and classes; of `digits` if MNIST is not there."""
    try:
        source, pictures = "mnist", datasets.load("mnist", "test")
    except UsageError as error:
        print(f"{error}\nSo these are the 1,497 training images of 'digits'.\n")
        source, pictures = "digits", datasets.load("digits", "all")
    model = checkpoints.load_checkpoint(ROOT / "checkpoints" / "vae-20.safetensors").model
    latents = inference.encode(model, types.to_floats(pictures.images))
    return latents.numpy(), pictures.labels.numpy(), source


def by_vae_core(latents: Latents, threads: int) -> Result:
    last: Frame = list(tsne(latents, SETTINGS, EVERY, threads))[-1]
    return last.points, last.kl


def by_scikit_learn(latents: Latents, threads: int) -> Result:
    total = SETTINGS.early_iterations + SETTINGS.iterations
    machine = TSNE(
        perplexity=SETTINGS.perplexity,
        early_exaggeration=SETTINGS.exaggeration,
        max_iter=total,
        n_iter_without_progress=total,
        min_grad_norm=0,
        random_state=0,
        n_jobs=threads,
    )
    return machine.fit_transform(latents), float(machine.kl_divergence_)


def by_opentsne(
    latents: Latents, threads: int, gradient: str, neighbours: str, rate: str
) -> Result:
    machine = openTSNE.TSNE(
        perplexity=SETTINGS.perplexity,
        early_exaggeration=SETTINGS.exaggeration,
        early_exaggeration_iter=SETTINGS.early_iterations,
        n_iter=SETTINGS.iterations,
        initial_momentum=0.5,
        learning_rate=rate if rate == "auto" else max(len(latents) / SETTINGS.exaggeration, 200),
        neighbors=neighbours,
        negative_gradient_method=gradient,
        n_jobs=threads,
        random_state=0,
        callbacks=lambda *_: False,
        callbacks_every_iters=EVERY,
    )
    embedding = machine.fit(latents)
    return np.asarray(embedding), float(embedding.kl_divergence)


def variant(
    gradient: str, neighbours: str, rate: str, threads: int
) -> Callable[[Latents], Result]:
    return lambda latents: by_opentsne(latents, threads, gradient, neighbours, rate)


METHODS: dict[tuple[str, int], Callable[[Latents], Result]] = {
    ("scikit-learn", 1): lambda latents: by_scikit_learn(latents, 1),
    ("scikit-learn", 2): lambda latents: by_scikit_learn(latents, 2),
    ("vae_core", 1): lambda latents: by_vae_core(latents, 1),
    ("vae_core", 2): lambda latents: by_vae_core(latents, 2),
    ("openTSNE, its own learning rate", 1): variant("bh", "exact", "auto", 1),
    ("openTSNE, approximate neighbours", 1): variant("bh", "approx", "ours", 1),
    ("openTSNE, FFT", 1): variant("fft", "exact", "ours", 1),
    ("openTSNE, FFT", 2): variant("fft", "exact", "ours", 2),
}


def measure(run: Callable[[Latents], Result], latents: Latents) -> dict:
    """The result, the seconds it took, and how late a thread that slept meanwhile was woken."""
    late: list[float] = []
    over = Event()

    def watch() -> None:
        while not over.is_set():
            start = perf_counter()
            over.wait(SLEEP)
            late.append(1e3 * (perf_counter() - start - SLEEP))

    watcher = Thread(target=watch)
    watcher.start()
    start = perf_counter()
    try:
        result = run(latents)
        seconds = perf_counter() - start
    finally:
        over.set()
        watcher.join()
    late = late[:-1] or [0.0]  # the last was not left to sleep
    return {
        "result": result,
        "seconds": round(seconds, 2),
        "late_p50_ms": round(float(np.quantile(late, 0.5)), 2),
        "late_p99_ms": round(float(np.quantile(late, 0.99)), 2),
        "late_max_ms": round(max(late), 1),
    }


def report(rows: list[dict], source: str) -> None:
    about = {
        "benchmark": "tsne",
        "cores": os.cpu_count(),
        "busy": round(os.getloadavg()[0], 1),
        "data": source,
        "scikit-learn": version("scikit-learn"),
        "opentsne": version("opentsne"),
    }
    print(f"750 steps of t-SNE, latents of vae-20 on {source}, {os.cpu_count()} cores")
    print(
        f"{'points':>6}  {'method':<33} {'threads':>7} {'seconds':>8} {'KL':>10} {'trust':>7} "
        f"{'kNN':>6} {'woken late p50':>15} {'p99':>8} {'max':>9}"
    )
    for row in rows:
        print(
            f"{row['points']:>6}  {row['method']:<33} {row['threads']:>7} {row['seconds']:>6} s "
            f"{row['kl_nats']:>5} nats {row['trustworthiness']:>7.4f} {row['knn_accuracy']:>6.1%} "
            f"{row['late_p50_ms']:>12} ms {row['late_p99_ms']:>5} ms {row['late_max_ms']:>6} ms"
        )
    print(json.dumps({**about, "rows": rows}))


if __name__ == "__main__":
    main()
