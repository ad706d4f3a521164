"""A question to a program that may hang, flood or leave others behind: its answer, in bounds."""

import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress

QUESTION_SECONDS = 30
LONGEST_REPLY = 65536  # bytes of either stream that are read


def ask(command: tuple[str, ...]) -> str:
    """What a program says, on stdout or else stderr; its group does not stay.

    OSError when it cannot be started; TimeoutError (an OSError too) when it takes longer than
    QUESTION_SECONDS.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as asked:
        try:
            said, complained = _replies(asked)
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(asked.pid, signal.SIGKILL)  # not reaped yet: the number is its own
    return (said or complained).decode("utf-8", "replace")


def _replies(asked: "subprocess.Popen[bytes]") -> tuple[bytes, bytes]:
    """Both streams of the program to their end or LONGEST_REPLY; TimeoutError when it is late."""
    end = time.monotonic() + QUESTION_SECONDS
    streams = [stream for stream in (asked.stdout, asked.stderr) if stream is not None]
    replies = {stream.fileno(): b"" for stream in streams}
    with selectors.DefaultSelector() as ready:
        for stream in streams:
            ready.register(stream, selectors.EVENT_READ)
        while ready.get_map():
            answered = ready.select(max(0.0, end - time.monotonic()))
            if not answered:
                raise TimeoutError
            for key, _ in answered:
                piece = os.read(key.fd, LONGEST_REPLY)
                replies[key.fd] += piece
                if not piece or len(replies[key.fd]) > LONGEST_REPLY:
                    ready.unregister(key.fileobj)
    first, second = replies.values()
    return first, second
