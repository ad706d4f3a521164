"""The reading room: what anybody may open."""
