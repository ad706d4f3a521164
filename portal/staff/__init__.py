"""Members of staff at a browser: their way in and out, their passwords, their accounts."""
