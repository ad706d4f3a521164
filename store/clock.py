"""The clock of the store: UTC, to the second, and still for reproducible runs."""

import datetime
import os

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def utc_now() -> str:
    """Return the time as ``2026-11-23T09:00:00Z``.

    ``SOURCE_DATE_EPOCH`` (seconds, reproducible-builds.org) stops the clock at that moment, so
    that two runs over the same input write the same bytes; a value that is no number is ignored.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        moment = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    else:
        moment = datetime.datetime.now(datetime.UTC)
    return moment.strftime(FORMAT)
