"""Codes of files that are refused, and of warnings about files that are taken.

A refused file goes to quarantine with one of ``REFUSALS``; its message is ``quarantine.CODE`` and
what to do ``quarantine.CODE.hint``. A warning is kept beside the file; its message is
``check.CODE``.
"""

EMPTY = "EMPTY"
"""The file has no bytes."""
UNKNOWN_TYPE = "UNKNOWN_TYPE"
"""The content is none of TIFF, JPEG, PNG, JPEG 2000, PDF, whatever the name says."""
TRUNCATED = "TRUNCATED"
"""The end of an image is missing."""
UNREADABLE = "UNREADABLE"
"""The type is known, the content cannot be decoded."""
TOO_LARGE = "TOO_LARGE"
"""A frame has more pixels, or the file more frames, than the limits allow."""
ENCRYPTED = "ENCRYPTED"
"""A PDF that opens with a password only."""
BAD_PDF = "BAD_PDF"
"""A PDF that is damaged, cut off or has no pages."""
PDF_BOMB = "PDF_BOMB"
"""A small PDF that grows without measure when it is unpacked."""
LINK_REFUSED = "LINK_REFUSED"
"""A symbolic link: what it points to lies outside the batch."""
SPECIAL_FILE = "SPECIAL_FILE"
"""A pipe, socket or device: no file at all."""
NO_ACCESS = "NO_ACCESS"
"""A file or folder that the program may not read."""
READ_ERROR = "READ_ERROR"
"""The disk gives an error when the file is read."""
CHANGED = "changed"
"""The file changed, or went away, while it was being taken in; the next run tries it again."""

REFUSALS = (
    *(EMPTY, UNKNOWN_TYPE, TRUNCATED, UNREADABLE, TOO_LARGE, ENCRYPTED, BAD_PDF, PDF_BOMB),
    *(LINK_REFUSED, SPECIAL_FILE, NO_ACCESS, READ_ERROR, CHANGED),
)

MISNAMED = "MISNAMED"
"""The name says another type than the content."""
OWNER_PASSWORD = "OWNER_PASSWORD"  # noqa: S105 - a code, not a secret
"""A PDF that opens freely but forbids copying: its rights want a look."""
PDF_REPAIRED = "PDF_REPAIRED"
"""A PDF with a damaged table of contents that could be read all the same."""
MIRRORED = "MIRRORED"
"""The metadata say that the image is mirrored; it is mirrored back."""
REDUCED_SKIPPED = "REDUCED_SKIPPED"
"""A TIFF holds small copies of its pages (NewSubfileType 1); they are not pages."""
MORE_PICTURES = "MORE_PICTURES"
"""A JPEG holds further pictures (MPO); only the first is taken."""
ACTIVE_CONTENT = "ACTIVE_CONTENT"
"""A PDF with scripts, actions that start by themselves, or an XFA form; none is carried over."""
ATTACHMENTS = "ATTACHMENTS"
"""A PDF with other files inside it; only its pages are taken."""

WARNINGS = (
    *(MISNAMED, OWNER_PASSWORD, PDF_REPAIRED, MIRRORED, REDUCED_SKIPPED, MORE_PICTURES),
    *(ACTIVE_CONTENT, ATTACHMENTS),
)
