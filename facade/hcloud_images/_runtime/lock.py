"""The lock of what the threads of a process count together."""

from __future__ import annotations

import os
import threading

#: One for all, since it is held for a few lines at a time, but for the first request in a child. A signal handler may
#: make a call while its thread holds it.
lock: threading.RLock = threading.RLock()

if hasattr(os, "register_at_fork"):  # a child would wait forever for a thread that it doesn't have
    os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)
