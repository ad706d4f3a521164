"""The engines that are compared: ours and, as they come, those of others."""
