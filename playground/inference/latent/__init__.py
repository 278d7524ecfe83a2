"""Latent spaces: maps, sheets, walks and neighbours."""
