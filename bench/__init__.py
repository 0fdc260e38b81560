"""Benches: what the methods do on provinces whose truth is known. `python -m bench` names them."""
