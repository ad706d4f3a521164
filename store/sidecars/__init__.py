"""Sidecars: the files from which, with the masters, the catalogue can be made again."""
