"""How wide a text is, so that none runs into another: the advance widths of Helvetica and all that are made like it."""

from __future__ import annotations

__all__ = ["cut", "text_width", "wrapped"]

_WIDTHS = {
    222: "'ijl",
    278: " !,./:;I[\\]ft|",
    333: '()-`r"',
    389: "*",
    500: "Jckxyzvs^",
    556: "#$?L_abdeghnopqu0123456789",
    584: "+<=>~{}",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
_THOUSANDTHS = {character: width for width, characters in _WIDTHS.items() for character in characters}
_OTHER = 1000  # the widest of other alphabets, such as Chinese
_BOLD = 1.08


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text in points, at most; of bold text a little too much."""
    width = sum(_THOUSANDTHS.get(character, _OTHER) for character in text) * size / 1000
    return width * _BOLD if bold else width


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The text in lines of at most this width; a word that is longer is cut with dots."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(cut(word, width, size))
    return lines


def cut(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, cut with dots at the end if it is wider."""
    if text_width(text, size, bold=bold) <= width:
        return text
    while text and text_width(f"{text}...", size, bold=bold) > width:
        text = text[:-1]
    return f"{text}..."
