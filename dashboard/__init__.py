"""The read side: from a published snapshot to exhibits on screens and in files. It knows nothing of the write side."""
