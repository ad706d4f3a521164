"""What keeps a library safe: verify, backup, restore, rebuild."""
