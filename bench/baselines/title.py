"""An app with nothing but a title: the least that a page served by Streamlit can take."""

import streamlit as st

st.title("Dân vận khéo")
