"""What a machine and a home have, and which risks they run."""
