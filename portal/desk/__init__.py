"""The desk: where staff decide what the pipeline proposes."""
