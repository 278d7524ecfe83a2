"""Sweeps, and the families of models behind the Learn tab."""
