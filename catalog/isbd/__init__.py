"""GOST descriptions: elements and areas of ISBD as typed blocks, citations, lists, cards."""
