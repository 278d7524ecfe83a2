"""Training runs of visitors: jobs, their processes, their files, and their limits."""
