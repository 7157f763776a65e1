"""What begins like a number or a size and is written in another way, and what it is meant for."""

from __future__ import annotations

import re

__all__ = ["written_number"]

_WELL_FORMED = re.compile(r"([0-9]+|\?)(x([0-9]+|\?))+|[0-9][0-9_]*(\.[0-9]+)?([eE][+-]?[0-9]+)?[kMGT]?")
_SHARE = re.compile(r"([0-9]{1,2}(?:\.[0-9]+)?)[ ]?%(?![\w(])")
_SIZE = re.compile(r"(?:[0-9]+|\?)(?:[ \t]*[xX×*][ \t]*(?:[0-9]+|\?))+(?![\w.])")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![\w.,])")
_RUN = re.compile(r"[0-9?][\w?]*(?:\.[\w]+)*(?:(?<=[eE])[+-]\w+)?\.?")
_LETTERS = str.maketrans("XOolI", "x0011")


def written_number(text: str, start: int) -> tuple[int, str] | None:
    """Where a number or size ends that is written in another form, and it in ours: a share, with blanks, wrong letters."""
    share, size, thousands, run = (form.match(text, start) for form in (_SHARE, _SIZE, _THOUSANDS, _RUN))
    if share:
        return share.end(), f"{float(share[1]) / 100:g}"
    if thousands:
        return thousands.end(), thousands[0].replace(",", "_")
    if size and not _WELL_FORMED.fullmatch(size[0]):
        return size.end(), "x".join(re.findall(r"[0-9]+|\?", size[0]))
    if run and any(char.isdigit() for char in run[0]):
        readings = (run[0].translate(_LETTERS), run[0].rstrip("xfL."), run[0].replace("m", "M").replace("K", "k"))
        meant = next((each for each in readings if each != run[0] and _WELL_FORMED.fullmatch(each)), "")
        return (run.end(), meant) if meant else None
    return None
