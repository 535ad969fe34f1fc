"""The lock of what the threads of a process count together."""

from __future__ import annotations

import os
import threading

#: Held for a few lines at a time, so one is enough. A signal handler may make a call while its thread holds it.
lock: threading.RLock = threading.RLock()

if hasattr(os, "register_at_fork"):  # a child would wait forever for a thread that it doesn't have
    os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)
