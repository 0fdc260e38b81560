"""The deck: slides as a .pptx whose charts and tables can be edited."""

from dashboard.deck.deck import to_pptx

__all__ = ["to_pptx"]
