"""Who may come in, and what they may do: sign-in, rights, and the gate that stands before Streamlit.

It knows nothing of figures or of the store; what a page shows asks it, never the other way round.
"""
