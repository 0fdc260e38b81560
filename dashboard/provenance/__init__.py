"""From a number on screen to the cells it comes from, and the links that lead there and to the other pages.

It knows the snapshot and what was chosen, never how anything is drawn.
"""
