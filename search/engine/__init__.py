"""Engines: one protocol, several engines that find the same."""
