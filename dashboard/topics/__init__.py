"""What the snapshot says of one topic a module: its metrics made into records and sentences, before anything is drawn.

Exhibits, pages, slides and documents are made of them; no topic knows which of these show it.
"""
