"""What is done to pictures while they are trained on, so that no two epochs see the same; nothing by default."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Boolean, Declared, Integer, Number, attribute

__all__ = ["Augment"]


class Augment(Declared):
    """Changes of pictures by chance, a new one for each picture and epoch; what is evaluated is never changed."""

    name: ClassVar = "augment"
    flip: bool = attribute("half of them have left and right exchanged", Boolean(), default=False)
    crop: int = attribute("moved by up to so many pixels, with zeros around", Integer(0), default=0)
    resized_crop: float = attribute(
        "cut to a part of at least this share of the area, and enlarged again; 0 is not cut", Number(0, 1), default=0.0
    )
    rotation: float = attribute("turned by up to so many degrees", Number(0, 180), default=0.0)
    translate: float = attribute("moved by up to this share of height and width", Number(0, 1), default=0.0)
    scale: float = attribute("made larger or smaller by up to this share", Number(0, 0.9), default=0.0)
    shear: float = attribute("slanted by up to so many degrees", Number(0, 80), default=0.0)
    brightness: float = attribute("lighter or darker by up to this share", Number(0, 1), default=0.0)
    contrast: float = attribute("more or less contrast by up to this share", Number(0, 1), default=0.0)
    saturation: float = attribute("more or less colourful by up to this share", Number(0, 1), default=0.0)
    hue: float = attribute("colours turned by up to this share of their circle", Number(0, 0.5), default=0.0)
    erasing: float = attribute("share of pictures of which a rectangle is erased", Number(0, 1), default=0.0)
    mixup: float = attribute(
        "each is mixed with another one, and so are their classes, by a share from Beta(a, a) with this a",
        Number(0),
        default=0.0,
    )

    @property
    def moves(self) -> tuple[str, ...]:
        """Which of its changes move pixels."""
        names = ("flip", "crop", "resized_crop", "rotation", "translate", "scale", "shear")
        return tuple(name for name in names if getattr(self, name))

    @property
    def is_none(self) -> bool:
        """Whether nothing is changed."""
        return not any(getattr(self, name) for name in self.attributes())
