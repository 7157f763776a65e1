"""Data sets by name: what they are. How they are read is in training/data, which a spec need not know."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Declared

__all__ = [
    "DATASETS",
    "CatsAndDogs",
    "Cifar10",
    "Cifar100",
    "Dataset",
    "Digits",
    "Flowers",
    "ImageNet",
    "Mnist",
    "SentencePolarity",
]


class Dataset(Declared):
    """Base of all data sets; ``shape`` is that of a sample as stored, CxHxW.

    Photos of many sizes have the shape to which their networks cut them, sentences the number of words.
    """

    shape: ClassVar[tuple[int, ...]]
    classes: ClassVar[int]
    samples: ClassVar = "images"
    contents: ClassVar = "float"
    """What an input holds that its samples can be brought to."""
    inputs: ClassVar = ""
    """Which inputs it fits, in words; empty while nothing reads it."""
    training_samples: ClassVar = 0
    """How many samples there are to train on, as published; 0 while nothing reads it."""

    def fits(self, shape: tuple[int, ...]) -> bool:
        """Whether samples can be brought to inputs of this shape."""
        return False


class Digits(Dataset):
    """1,797 handwritten digits, 8x8 grey levels, that come with scikit-learn; a stratified fifth is held out."""

    name: ClassVar = "digits"
    shape: ClassVar = (1, 8, 8)
    classes: ClassVar = 10
    inputs: ClassVar = "inputs of 1xHxW from 1x8x8 up, and vectors of 64"
    training_samples: ClassVar = 1_438

    def fits(self, shape: tuple[int, ...]) -> bool:
        if len(shape) == 1:
            return shape == (64,)
        return len(shape) == 3 and shape[0] == 1 and min(shape[1:]) >= 8


class Mnist(Dataset):
    """MNIST (LeCun et al. 1998): 60,000 handwritten digits to train on, 10,000 to test, 28x28 grey levels, IDX files."""

    name: ClassVar = "mnist"
    shape: ClassVar = (1, 28, 28)
    classes: ClassVar = 10
    inputs: ClassVar = "inputs of 1x28x28, of 1x32x32 (two rows and columns of background around) and vectors of 784"
    training_samples: ClassVar = 60_000

    def fits(self, shape: tuple[int, ...]) -> bool:
        return shape in {(1, 28, 28), (1, 32, 32), (784,)}


class ImageNet(Dataset):
    """ImageNet (Russakovsky et al. 2015), ILSVRC 2012: 1,281,167 photos to train on, 50,000 to validate, 1,000 classes."""

    name: ClassVar = "imagenet"
    shape: ClassVar = (3, 224, 224)
    classes: ClassVar = 1000


class Cifar10(Dataset):
    """CIFAR-10 (Krizhevsky 2009): 50,000 small photos to train on, 10,000 to test, 32x32."""

    name: ClassVar = "cifar10"
    shape: ClassVar = (3, 32, 32)
    classes: ClassVar = 10


class Cifar100(Dataset):
    """CIFAR-100 (Krizhevsky 2009): 50,000 small photos to train on, 10,000 to test, 32x32."""

    name: ClassVar = "cifar100"
    shape: ClassVar = (3, 32, 32)
    classes: ClassVar = 100


class CatsAndDogs(Dataset):
    """Photos of cats and dogs (Elson et al. 2007, "Asirra"): 25,000, half of each."""

    name: ClassVar = "cats_and_dogs"
    shape: ClassVar = (3, 224, 224)
    classes: ClassVar = 2


class Flowers(Dataset):
    """Photos of daisies, dandelions, roses, sunflowers and tulips: 3,670 (TensorFlow's tf_flowers), made 96x96."""

    name: ClassVar = "flowers"
    shape: ClassVar = (3, 96, 96)
    classes: ClassVar = 5


class SentencePolarity(Dataset):
    """10,662 sentences of film reviews, half of them positive (Pang and Lee 2005), cut to 10 words."""

    name: ClassVar = "sentence_polarity"
    samples: ClassVar = "sentences"
    contents: ClassVar = "token"
    shape: ClassVar = (10,)
    classes: ClassVar = 2


DATASETS: dict[str, type[Dataset]] = {
    item.name: item for item in (Digits, Mnist, ImageNet, Cifar10, Cifar100, CatsAndDogs, Flowers, SentencePolarity)
}
