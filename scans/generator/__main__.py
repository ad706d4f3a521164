"""``python -m scans.generator [FOLDER]``: write the sample batch and its truth."""

import sys
from pathlib import Path

from scans.generator.batch import write_batch
from scans.generator.setting import fonts_present


def main() -> int:
    """Write below the folder given, else ``scans/``; 3 when the fonts are missing."""
    if not fonts_present():
        print("fonts are missing: apt install fonts-paratype fonts-dejavu-core", file=sys.stderr)
        return 3
    write_batch(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
