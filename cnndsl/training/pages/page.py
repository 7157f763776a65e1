"""Pages of HTML that stand alone: their pictures are in them, they have no script and ask nobody for anything."""

from __future__ import annotations

import base64
import html
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["figure", "image", "page", "picture", "table", "text"]

_STYLE = """\
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2937; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem }
table { border-collapse: collapse } td, th { padding: .15rem .5rem; text-align: right } th { font-weight: 600 }
td:first-child, th:first-child { text-align: left }
.wide { overflow-x: auto } svg { max-width: 100% } text { font: 11px system-ui, sans-serif; fill: #4b5563 }
figure { display: inline-block; margin: .4rem; text-align: center; font-size: 12px; width: 8.5rem; vertical-align: top }
figure img { width: 6rem; height: 6rem; object-fit: contain; image-rendering: pixelated; background: #f3f4f6 }
.note { color: #4b5563 } h3 { font-size: 1rem; margin: 1rem 0 .3rem } small { font-weight: 400; color: #4b5563 }
img.maps { max-width: 100%; image-rendering: pixelated } img.wide { width: 100%; min-height: 1rem }
.beside { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start } summary { cursor: pointer; margin: .5rem 0 }
.shares td:last-child { text-align: left } .bar { display: inline-block; height: .7rem; background: #8a8f98 }
.true { font-weight: 600 } .true .bar { background: #c2410c }
"""


def page(title: str, parts: Iterable[str]) -> str:
    """A page with a heading and these parts."""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{text(title)}</title>'
    body = "\n".join((f"<h1>{text(title)}</h1>", *parts))
    return f"<!doctype html>\n<html lang=en>{head}<style>{_STYLE}</style>\n<body>\n{body}\n</body></html>\n"


def text(value: object) -> str:
    """What is shown as it stands."""
    return html.escape(str(value))


def table(names: Iterable[str], rows: Iterable[Sequence[object]], *, head: bool = True) -> str:
    """Rows below the names of their columns."""
    cells = "".join(f"<th>{text(name)}</th>" for name in names) if head else ""
    lines = ("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<div class=wide><table>{f'<tr>{cells}</tr>' if head else ''}{''.join(lines)}</table></div>"


def figure(inside: str, words: str) -> str:
    """Something with words below it."""
    return f"<figure>{inside}<figcaption>{text(words)}</figcaption></figure>"


def picture(levels: NDArray[Any]) -> str:
    """A sample C x H x W as a picture; empty if it is none of one or three channels."""
    if levels.ndim != 3 or levels.shape[0] not in (1, 3):
        return ""
    if levels.dtype == np.uint8:
        return image(levels)
    least, most = float(levels.min()), float(levels.max())
    return image(((levels - least) * (255 / (most - least or 1.0))).astype(np.uint8))


def image(pixels: NDArray[np.uint8], classes: str = "") -> str:
    """Bytes C x H x W as a picture."""
    data = base64.b64encode(_png(pixels)).decode()
    return f'<img alt="" {f"class={classes} " if classes else ""}src="data:image/png;base64,{data}">'


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Bytes C x H x W as a PNG file (ISO/IEC 15948)."""
    channels, height, width = pixels.shape
    rows = np.zeros((height, 1 + width * channels), np.uint8)  # each begins with 0: no filter
    rows[:, 1:] = pixels.transpose(1, 2, 0).reshape(height, -1)
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 0 if channels == 1 else 2, 0, 0, 0))
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in chunks
    )
