"""ИРБИС: its text form, in and out, and its master files, read only."""
