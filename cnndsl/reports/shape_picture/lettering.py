"""How wide a text is, so that none runs into another: the advance widths of Helvetica and all that are made like it."""

from __future__ import annotations

__all__ = ["cut", "text_width", "wrapped"]

_WIDTHS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
_BOLD_WIDTHS = {
    238: "'",
    278: " ,./I\\ijl",
    280: "|",
    333: "!()-:;[]`ft",
    389: "*r{}",
    474: '"',
    500: "z",
    556: "#$0123456789J_aceksvxy",
    584: "+<=>^~",
    611: "?FLTZbdghnopqu",
    667: "EPSVXY",
    722: "&ABCDHKNRU",
    778: "GOQw",
    833: "M",
    889: "%m",
    944: "W",
    975: "@",
}
"""The characters of each width, in thousandths of the size."""

_REGULAR = {character: width for width, characters in _WIDTHS.items() for character in characters}
_BOLD = {character: width for width, characters in _BOLD_WIDTHS.items() for character in characters}
_OTHER = 1000  # the widest of other alphabets, such as Chinese


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text in points; at most, where it has characters beyond ASCII."""
    widths = _BOLD if bold else _REGULAR
    return sum(widths.get(character, _OTHER) for character in text) * size / 1000


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines of at most this width; a word that is longer is cut with dots."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(cut(word, width, size, bold=bold))
    return lines


def cut(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, cut with dots at the end if it is wider."""
    if text_width(text, size, bold=bold) <= width:
        return text
    while text and text_width(f"{text}...", size, bold=bold) > width:
        text = text[:-1]
    return f"{text}..."
