"""The worker as a process: what tells it to stop."""

import os
import signal
import sys
import threading

from junheng.web.jobs.worker import Worker


def run(*, ends_with_stdin: bool = False) -> None:
    """Works until SIGTERM or Ctrl+C, or, as a child of `junheng serve`, until the parent closes its end of stdin.

    The pipe works on Windows too, and also when the parent was killed.
    """
    worker = Worker()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: worker.stop())
    if ends_with_stdin:
        threading.Thread(target=_wait_for_the_end, args=(worker,), daemon=True).start()
    worker.run()


def _wait_for_the_end(worker: Worker) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        """Nothing is ever sent; the end of the stream is the message."""
    worker.stop()
