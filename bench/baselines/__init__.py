"""Apps to compare with, served by plain `streamlit run`."""
