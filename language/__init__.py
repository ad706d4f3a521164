"""Kazakh and Russian in one room: letters, folding, stemmers, identification, dates."""
