"""Typed blocks set as text, HTML, DOCX and PDF; the extra ``print`` for the last two."""
