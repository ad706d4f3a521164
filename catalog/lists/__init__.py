"""Bibliographic lists, bulletins and card files as values: selected, ordered, headed, laid out."""
