"""Foundation and launcher: errors, settings, the layout of a library home, messages.

Importing ``olketanu`` makes the rooms of the program (``catalog``, ``digitize``, …) importable: in
a checkout they lie beside this folder, in an installed copy under ``olketanu/app``.
"""

import sys
from pathlib import Path

_HERE = Path(__file__).parent
PACKAGE_ROOT = _HERE.parent
"""Where this package itself lies: beside the rooms in a checkout, above them when installed."""
APP_ROOT = _HERE / "app" if (_HERE / "app").is_dir() else PACKAGE_ROOT
if str(APP_ROOT) not in sys.path:
    sys.path.insert(0, str(APP_ROOT))
