"""The process that viewers connect to: Streamlit behind the gate, scripts on their way, getting ready, taking turns.

It knows nothing of figures: what draws pages is loaded behind the first answer.
"""
