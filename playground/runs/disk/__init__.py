"""Runs on the disk: their records, their files, and the pictures that they train on."""
