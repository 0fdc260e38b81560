"""Calling code on files that may be broken or hostile without ever breaking the program that asks.

A parser fed a bad file may hang, eat all memory or abort, and none of that is an exception. So the call is
made in a child process with limits on memory, processor time and time on the clock; children are reused, and
one that dies, stays silent or goes over a limit is replaced and becomes one `GaveUp`. An answer is plain data of
classes named beforehand: a child that was taken over cannot run code in the program that asked.

This package knows nothing of what it runs but a dotted name, and nothing of the rest of the program.
"""

from etl.guard.pool import GaveUp, GuardedPool, Limits, Spare

__all__ = ["GaveUp", "GuardedPool", "Limits", "Spare"]
