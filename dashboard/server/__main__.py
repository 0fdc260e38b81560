"""`python -m dashboard.server`: serve until a signal ends it."""

import os
import sys

from dashboard.server.serve import ROOT, main

if __name__ == "__main__":
    os.chdir(ROOT)  # where Streamlit looks for .streamlit/config.toml
    sys.exit(main(sys.argv[1:]))
