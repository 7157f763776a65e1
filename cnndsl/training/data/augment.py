"""Changes of pictures by chance. All are drawn from a generator that seed, epoch and batch decide, so that runs repeat.

A picture is sampled once, however many of its changes move pixels: each place of the result looks up where it lies in the
original (bilinear, zeros outside), so that nothing is blurred twice.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...recipe import Augment
from .model import Images, Labels, Targets

__all__ = ["augmented", "mixed"]

_GREY = np.array((0.299, 0.587, 0.114), np.float32)
"""Shares of red, green and blue in what is seen as light (ITU-R BT.601)."""


def augmented(levels: NDArray[Any], augment: Augment, random: np.random.Generator) -> NDArray[np.float32]:
    """Pictures N x C x H x W, changed; bytes become levels from 0 to 1."""
    images = levels.astype(np.float32)
    if levels.dtype == np.uint8:
        images /= np.float32(255)
    for index in range(len(images)):
        images[index] = _changed(images[index], augment, random)
    return images


def mixed(x: Images, labels: Labels, classes: int, alpha: float, random: np.random.Generator) -> tuple[Images, Targets]:
    """Each sample mixed with another one of the batch, and their classes likewise (Zhang et al. 2018); alpha 0 leaves them.

    The targets are then shares of the classes, N x K or N x K x H x W.
    """
    if not alpha:
        return x, labels
    share, others = random.beta(alpha, alpha), random.permutation(len(x))
    shares = np.zeros((len(labels), classes, *labels.shape[1:]), x.dtype)
    for numbers, part in ((labels, share), (labels[others], 1 - share)):
        places = np.expand_dims(numbers, 1)
        np.put_along_axis(shares, places, np.take_along_axis(shares, places, 1) + x.dtype.type(part), 1)
    return x * x.dtype.type(share) + x[others] * x.dtype.type(1 - share), shares


def _changed(image: NDArray[np.float32], augment: Augment, random: np.random.Generator) -> NDArray[np.float32]:
    moved = _moved(image, augment, random)
    coloured = _coloured(moved, augment, random)
    return _erased(coloured, augment, random) if random.random() < augment.erasing else coloured


def _moved(image: NDArray[np.float32], augment: Augment, random: np.random.Generator) -> NDArray[np.float32]:
    """Pixels in other places."""
    if augment.crop:
        image = _shifted(image, *random.integers(-augment.crop, augment.crop, 2, endpoint=True))
    if augment.flip and random.random() < 0.5:
        image = image[..., ::-1]
    matrix, offset = _map(image.shape[1:], augment, random)
    is_still = np.array_equal(matrix, np.eye(2)) and not offset.any()
    return image if is_still else _sampled(image, matrix, offset)


def _shifted(image: NDArray[np.float32], down: int, right: int) -> NDArray[np.float32]:
    """The picture moved by whole pixels, with zeros where nothing was."""
    result = np.zeros_like(image)
    height, width = image.shape[1:]
    rows, columns = max(0, height - abs(down)), max(0, width - abs(right))
    top, left = max(0, down), max(0, right)
    result[:, top : top + rows, left : left + columns] = image[
        :, max(0, -down) : max(0, -down) + rows, max(0, -right) : max(0, -right) + columns
    ]
    return result


def _map(
    extents: tuple[int, ...], augment: Augment, random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each place of the result lies in the picture, both counted from their middles: a matrix and an offset."""
    matrix, offset = np.eye(2), np.zeros(2)
    size = np.array(extents, np.float64)
    if augment.rotation:
        angle = np.deg2rad(random.uniform(-augment.rotation, augment.rotation))
        matrix = matrix @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    if augment.shear:
        matrix = matrix @ np.array([[1, 0], [np.tan(np.deg2rad(random.uniform(-augment.shear, augment.shear))), 1]])
    if augment.scale:
        matrix = matrix / random.uniform(1 - augment.scale, 1 + augment.scale)
    if augment.translate:
        offset = offset + random.uniform(-augment.translate, augment.translate, 2) * size
    if augment.resized_crop:
        part, middle = _part(size, augment.resized_crop, random)
        matrix, offset = matrix @ np.diag(part / size), offset + middle
    return matrix, offset


def _part(size: NDArray[np.float64], least: float, random: np.random.Generator) -> tuple[Any, Any]:
    """Height and width of a part of the picture, of 3:4 to 4:3, and where its middle lies from that of the picture."""
    area = random.uniform(least, 1) * size.prod()
    aspect = np.exp(random.uniform(np.log(3 / 4), np.log(4 / 3)))
    part = np.minimum(size, np.array((sqrt(area / aspect), sqrt(area * aspect))))
    return part, (random.random(2) - 0.5) * (size - part)


def _sampled(
    image: NDArray[np.float32], matrix: NDArray[np.float64], offset: NDArray[np.float64]
) -> NDArray[np.float32]:
    """What lies at ``matrix @ place + offset`` for each place; between pixels they are mixed, and outside is zero."""
    height, width = image.shape[1:]
    middle = (np.array((height, width)) - 1) / 2
    rows, columns = np.arange(height) - middle[0], np.arange(width) - middle[1]
    y = matrix[0, 0] * rows[:, None] + matrix[0, 1] * columns + offset[0] + middle[0] + 1
    x = matrix[1, 0] * rows[:, None] + matrix[1, 1] * columns + offset[1] + middle[1] + 1
    y, x = np.clip(y, 0, height + 1 - 1e-6), np.clip(x, 0, width + 1 - 1e-6)  # of the picture with zeros around it
    framed = np.pad(image, [(0, 0), (1, 1), (1, 1)])
    top, left = y.astype(np.int64), x.astype(np.int64)
    down, right = (y - top).astype(np.float32), (x - left).astype(np.float32)
    upper = framed[:, top, left] * (1 - right) + framed[:, top, left + 1] * right
    lower = framed[:, top + 1, left] * (1 - right) + framed[:, top + 1, left + 1] * right
    mixed: NDArray[np.float32] = upper * (1 - down) + lower * down
    return mixed


def _coloured(image: NDArray[np.float32], augment: Augment, random: np.random.Generator) -> NDArray[np.float32]:
    """Other brightness, contrast and saturation, as torchvision's ColorJitter has them."""
    if augment.brightness:
        image = np.clip(image * _around(augment.brightness, random), 0, 1)
    if augment.contrast:
        image = _blended(image, _grey(image).mean(), _around(augment.contrast, random))
    if augment.saturation and len(image) == 3:
        image = _blended(image, _grey(image), _around(augment.saturation, random))
    if augment.hue and len(image) == 3:
        image = _turned(image, random.uniform(-augment.hue, augment.hue))
    return image


def _turned(image: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Colours turned by a share of their circle: hue, saturation and value as torchvision's adjust_hue has them."""
    red, green, _ = image
    value, least = image.max(axis=0), image.min(axis=0)
    chroma = value - least
    is_grey = chroma == 0
    saturation = chroma / np.where(is_grey, 1, value)
    reds, greens, blues = ((value - each) / np.where(is_grey, 1, chroma) for each in image)
    hue = np.where(value == red, blues - greens, np.where(value == green, 2 + reds - blues, 4 + greens - reds))
    sixths = (hue / 6 + 1 + share) % 1 * 6
    below = np.floor(sixths)
    rest = sixths - below
    low, falling, rising = (np.clip(value * (1 - saturation * each), 0, 1) for each in (1, rest, 1 - rest))
    place = below.astype(np.int64) % 6
    orders = (
        (value, falling, low, low, rising, value),
        (rising, value, value, falling, low, low),
        (low, low, rising, value, value, falling),
    )
    return np.stack([np.choose(place, order) for order in orders]).astype(np.float32)


def _around(share: float, random: np.random.Generator) -> np.float32:
    return np.float32(random.uniform(max(0.0, 1 - share), 1 + share))


def _grey(image: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.tensordot(_GREY, image, 1) if len(image) == 3 else image[0]


def _blended(image: NDArray[np.float32], other: Any, share: np.float32) -> NDArray[np.float32]:
    mixed: NDArray[np.float32] = np.clip(share * image + (1 - share) * other, 0, 1)
    return mixed


def _erased(image: NDArray[np.float32], augment: Augment, random: np.random.Generator) -> NDArray[np.float32]:
    """A rectangle of 2 to 33 % of the area set to zero (Zhong et al. 2017)."""
    height, width = image.shape[1:]
    area = random.uniform(0.02, 0.33) * height * width
    aspect = np.exp(random.uniform(np.log(0.3), np.log(1 / 0.3)))
    rows, columns = (
        max(1, min(most, round(extent)))
        for most, extent in ((height, sqrt(area * aspect)), (width, sqrt(area / aspect)))
    )
    top, left = random.integers(0, height - rows + 1), random.integers(0, width - columns + 1)
    result = image.copy()
    result[:, top : top + rows, left : left + columns] = 0
    return result
