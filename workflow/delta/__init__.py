"""What was changed here in records that another system owns, on its way back to that system."""
