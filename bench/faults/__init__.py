"""What faults do to store and snapshots: `python -m bench faults`, on Linux with strace.

Nothing acknowledged may be lost, readers see one whole snapshot, and running a command again puts everything right.
"""

from bench.faults.run import main

__all__ = ["main"]
