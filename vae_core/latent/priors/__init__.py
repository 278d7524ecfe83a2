"""Priors fitted afterwards to the latents of a trained model: a mixture, and a diffusion."""
