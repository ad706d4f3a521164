"""One page of a document in the reading room: picture, text, files, and what readers correct."""
