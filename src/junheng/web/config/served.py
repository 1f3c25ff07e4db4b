"""The WSGI entry of the processes that `junheng serve` starts: they end when their parent is gone, even when it was killed.

Otherwise they would keep the port, and the next start would find it taken.
"""

import os
import sys
import threading
import time

from junheng.web.config.wsgi import application

__all__ = ["application", "end_with_parent"]


def end_with_parent(seconds: float = 1.0) -> None:
    """Watches the parent from a thread. Windows gives an orphan no new parent, so there nothing is watched."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(seconds)
        os._exit(1)

    if sys.platform != "win32":
        threading.Thread(target=watch, name="watch of the parent", daemon=True).start()


end_with_parent()
