"""Members of staff: their accounts, their passwords, their way in and out."""
