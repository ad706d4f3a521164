"""Backups, and the ways back from them and from the sidecars."""
