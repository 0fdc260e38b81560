"""The pictures of README and guide, made of the running program: `python -m bench pictures`; with LibreOffice.

`shots` says what each picture shows, `scenes` what is served for it, `papers` draws files, `png` makes pictures small.
"""

from bench.pictures.run import main

__all__ = ["main"]
