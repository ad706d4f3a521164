"""How good the recognised text is, where somebody must look, and what the truth says to it."""
