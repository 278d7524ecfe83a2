"""The tables of all checkpoints that people read, as the page that goes with them."""

from typing import Any

from ..training.checkpoints import Checkpoint

LEGEND = """\
Each row is one file here, trained on the 60,000 training images of MNIST and measured on its
10,000 test images by `python -m vae_core evaluate`, which writes this page and `metrics.json`.

| column | what it says | unit |
| --- | --- | --- |
| parameters | weights and biases | count |
| code | numbers in a code | count |
| ratio | 784 bytes of a picture against the code's, at 4 bytes a number | |
| MSE | mean squared error of a pixel, white being 1; less is better | |
| PSNR | the same as a peak signal-to-noise ratio; more is better | dB |
| distortion | -log p(x given z), Bernoulli likelihood on grey pixels, z drawn from the posterior | nats |
| rate | KL from the posterior to the prior; 0 for a code without a prior | nats |
| active | numbers of the code whose variance over images is above 0.01 | count |
| on | numbers of the code that are not zero, a picture | % |
| kNN | test codes whose class is that of most of their 15 nearest training codes | % |
| probe | test codes that logistic regression names rightly | % |
| keep | reconstructions that a digit classifier still gives the true class | % |
| keep, moved | the same with the digit drawn 4 pixels further down and right | % |
| denoise | PSNR of what comes back of pictures with Gaussian noise of sigma 0.25, 0.5, 0.75 | dB |
"""

NOISE_AND_CLASSIFIER = (
    "The noisy pictures themselves have {before} dB. The classifier, trained on clean digits only, "
    "names {judge_accuracy:.2%} of the test images rightly. n = {n_images:,}, seed {seed}."
)
TRAINED = (
    "Each file holds its recipe: `python -m vae_core train --like FILE --out NEW` makes it again. "
    "Spelt out:"
)


TOLD = """\
## Told the class

A model that can be told the class of an image was told nothing for the table above. Told it:

| column | what it says | unit |
| --- | --- | --- |
| MSE, distortion, rate | as above, the model being told the true class | |
| asked | samples from the prior, {n_samples:,} of them, the same number of each class, that the digit classifier gives the class that the model was told | % |

| checkpoint | MSE | distortion | rate | asked |
| --- | ---: | ---: | ---: | ---: |
"""


CODES = """\
## In codes

A code may be a grid of cells, each of which holds one of a few codes:

| column | what it says | unit |
| --- | --- | --- |
| bits | of an image, each cell taking as much as any of its codes | bits |
| used | codes that occur in the test images | count |
| perplexity | so many codes, all as frequent, would be used as evenly | count |

| checkpoint | cells | codes | bits | used | perplexity |
| --- | ---: | ---: | ---: | ---: | ---: |
"""


def _codes_in_markdown(table: dict[str, Any]) -> list[str]:
    rows = [
        f"| `{name}` | {n['cells']} | {n['count']} | {n['bits']} | {n['used']} | {n['perplexity']} |"
        for name, n in ((name, numbers.get("codes")) for name, numbers in table.items())
        if n
    ]
    return [CODES + "\n".join(rows), ""] if rows else []


def _told_in_markdown(table: dict[str, Any]) -> list[str]:
    told = {name: numbers["told"] for name, numbers in table.items() if "told" in numbers}
    if not told:
        return []
    first = next(iter(told.values()))
    rows = [
        f"| `{name}` | {n['mse']:.5f} | {n['distortion_nats']:.2f} | {n['rate_nats']:.2f} "
        f"| {n['asked_rate']:.2%} |"
        for name, n in told.items()
    ]
    return [TOLD.format(**first) + "\n".join(rows), ""]


def in_markdown(loaded: list[Checkpoint], table: dict[str, Any]) -> str:
    """The page that goes with the checkpoints: legend, numbers, and how each was trained."""
    head = (
        ("parameters code ratio MSE PSNR distortion rate active on kNN probe keep moved denoise")
        .replace("moved", "keep,&nbsp;moved")
        .split()
    )
    rows = [["checkpoint", *head], ["---", *["---:"] * len(head)]]
    for name, n in table.items():
        denoised = " / ".join(f"{value:.1f}" for value in n["denoise_psnr_db"].values())
        rows.append(
            [
                f"`{name}`",
                f"{n['parameters']:,}",
                f"{n['code_numbers']}",
                f"{n['compression_ratio']:g}",
                f"{n['mse']:.5f}",
                f"{n['psnr_db']:.2f}",
                f"{n['distortion_nats']:.2f}",
                f"{n['rate_nats']:.2f}",
                f"{n['active_units']}",
                f"{n['active_share']:.1%}",
                f"{n['knn_accuracy']:.1%}",
                f"{n['linear_probe_accuracy']:.1%}",
                f"{n['keep_rate']:.1%}",
                f"{n['keep_rate_shifted']:.1%}",
                denoised,
            ]
        )
    first = next(iter(table.values()))
    before = " / ".join(f"{value:.1f}" for value in first["noisy_psnr_db"].values())
    lines = [
        "# Checkpoints",
        "",
        LEGEND,
        NOISE_AND_CLASSIFIER.format(before=before, **first),
        "",
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
        *_told_in_markdown(table),
        *_codes_in_markdown(table),
        "## How each was trained",
        "",
        TRAINED,
        "",
        "```",
        *(checkpoint.command for checkpoint in loaded),
        "```",
        "",
    ]
    return "\n".join(lines)
