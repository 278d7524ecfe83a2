"""The data sets that have a name, a family a file: what each is, and how it is read."""
