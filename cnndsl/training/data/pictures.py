"""Pictures as a person sees them: turned as the camera says, on white paper if transparent, in all greys and colours."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...diagnostics import DiagnosticError, refusal
from ...diagnostics.kinds import files, training

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

__all__ = [
    "LARGEST_PICTURE",
    "Pixels",
    "is_dark_on_light",
    "pictures_in",
    "read_picture",
    "read_pixels",
    "walk_pictures",
]

Pixels = NDArray[np.uint8]
"""A picture, C x H x W."""

LARGEST_PICTURE = 2**25
"""Pixels that a picture may have."""

_SIXTEEN_BITS = ("I;16", "I;16B", "I;16L", "I;16N", "I")
"""Modes of Pillow whose numbers go to 65535; a 16-bit PNG is "I" in older versions."""


_ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm")

_T = TypeVar("_T")


def pictures_in(folder: str) -> list[str]:
    """The files of pictures in a folder and in those within it, in the order of their names.

    Raises:
        DiagnosticError: E0001 if there are none.
    """
    found = list(walk_pictures(folder))
    if not found:
        help_ = (f"their names end in {', '.join(_ENDINGS)}",)
        raise refusal(files.CANNOT_READ, f"the folder `{folder}` has no pictures", help=help_)
    return found


def walk_pictures(folder: str) -> Iterator[str]:
    """The same one after the other."""
    for place, inner, names in os.walk(folder):
        inner.sort()
        yield from (os.path.join(place, name) for name in sorted(names) if name.lower().endswith(_ENDINGS))


def read_picture(path: str, kinds: str, channels: int = 1) -> NDArray[np.float32]:
    """The levels of a picture, channels x height x width, from 0 (black) to 1 (white).

    ``kinds`` says what may be given in its place.

    Raises:
        DiagnosticError: E0006 without Pillow, E0412 if it is damaged, too large, or no picture.
    """
    return _read(path, kinds, lambda picture: _levels(path, picture, channels))


def read_pixels(path: str, shape: tuple[int, ...], kinds: str = "replace it, or take it out of the folder") -> Pixels:
    """The bytes of a picture, C x H x W, cut to the proportions of this shape and scaled to its size.

    Raises:
        DiagnosticError: As :func:`read_picture`.
    """
    channels, height, width = shape

    def cut(picture: Picture) -> Pixels:
        from PIL import Image, ImageOps

        if picture.size == (width, height) and picture.mode == ("L" if channels == 1 else "RGB"):
            return _channels_first(np.asarray(picture))
        levels = np.rint(_levels(path, picture, channels) * 255).astype(np.uint8)
        whole = Image.fromarray(levels[0] if channels == 1 else levels.transpose(1, 2, 0))
        return _channels_first(np.asarray(ImageOps.fit(whole, (width, height), Image.Resampling.BILINEAR)))

    return _read(path, kinds, cut)


def _channels_first(pixels: NDArray[np.uint8]) -> Pixels:
    return pixels[None] if pixels.ndim == 2 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


def _read(path: str, kinds: str, use: Callable[[Picture], _T]) -> _T:
    """What is made of a picture, turned as the camera says."""
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ModuleNotFoundError:
        message = f"reading the picture `{path}` needs Pillow"
        raise refusal(files.MISSING_PACKAGE, message, help=("pip install pillow",)) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pictures that are large, which is checked here
            with Image.open(path) as picture:
                if picture.width * picture.height > LARGEST_PICTURE:
                    raise _too_large(path, f"{picture.height}x{picture.width} pixels")
                return use(ImageOps.exif_transpose(picture))
    except UnidentifiedImageError:
        raise _damaged(path, "is not a picture, an IDX file or an array", kinds) from None
    except Image.DecompressionBombError:
        raise _too_large(path, "far too many pixels") from None
    except (OSError, ValueError, SyntaxError):
        raise _damaged(path, "is a damaged picture: it cannot be read to its end", "save or copy it again") from None


def _levels(path: str, picture: Picture, channels: int) -> NDArray[np.float32]:
    mode = "L" if channels == 1 else "RGB"
    if picture.mode == "F":
        fact = "holds floating-point numbers, of which nothing says what black and white are"
        raise _damaged(path, fact, "save it with whole numbers, or the array with `numpy.save`")
    if picture.mode in _SIXTEEN_BITS:
        return np.repeat(_array(picture, 65535)[None], channels, axis=0)
    if not picture.has_transparency_data:
        return np.stack([_array(band, 255) for band in picture.convert(mode).split()])
    *colours, alpha = (_array(band, 255) for band in picture.convert(mode + "A").split())
    return np.stack([colour * alpha + (1 - alpha) for colour in colours])


def _array(picture: Picture, most: int) -> NDArray[np.float32]:
    numbers = np.clip(np.asarray(picture), 0, most).astype(np.float32)
    levels: NDArray[np.float32] = numbers / np.float32(most)
    return levels


def is_dark_on_light(levels: NDArray[np.float32]) -> bool:
    """Whether the edge of an image is light and something inside is dark: ink on paper."""
    edge = np.concatenate((levels[0], levels[-1], levels[:, 0], levels[:, -1]))
    return bool(np.median(edge) > 0.6 and levels.min() < 0.4)


def _damaged(path: str, fact: str, hint: str) -> DiagnosticError:
    return refusal(training.DATA_DAMAGED, f"`{path}` {fact}", help=(hint,))


def _too_large(path: str, size: str) -> DiagnosticError:
    return _damaged(path, f"has {size}, and {LARGEST_PICTURE:,} are the limit", "make the picture smaller")
