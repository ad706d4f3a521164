"""The index of a home on disk: generations, their writer and their reader."""
