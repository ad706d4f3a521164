"""Who does the work: the runner, and child processes inside limits."""
