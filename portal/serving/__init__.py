"""The server around the application: its log, its health, and the work it starts."""
