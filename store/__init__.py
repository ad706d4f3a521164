"""What is true: SQLite, the masters, the job ledger, the sidecars."""
