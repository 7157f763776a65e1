"""Data sets by name: what they are. How they are read is in training/data, which a spec need not know."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Declared, FilePath, Number, Text, attribute

__all__ = [
    "DATASETS",
    "Arrays",
    "CatsAndDogs",
    "Cifar10",
    "Cifar100",
    "Csv",
    "Dataset",
    "Digits",
    "FashionMnist",
    "Flowers",
    "Folder",
    "ImageNet",
    "Kmnist",
    "Mnist",
    "Photos",
    "SentencePolarity",
]


_HELD_OUT = "share of each class that is held out, if there are no folders `train` and `val`"


class Dataset(Declared):
    """Base of all data sets; ``shape`` is that of a sample as stored, CxHxW, and empty where the files say it.

    Photos of many sizes have the shape to which their networks cut them, sentences the number of words.
    """

    shape: ClassVar[tuple[int, ...]] = ()
    classes: ClassVar[int] = 0
    """How many classes there are; 0 where the files say it."""
    samples: ClassVar = "images"
    contents: ClassVar = "float"
    """What an input holds that its samples can be brought to."""
    inputs: ClassVar = "inputs of any shape that the files hold"
    """Which inputs it fits, in words."""
    training_samples: ClassVar = 0
    """How many samples there are to train on, as published; 0 where the files say it."""
    source: ClassVar = ""
    """Which files are wanted, and where they come from."""

    def fits(self, shape: tuple[int, ...]) -> bool:
        """Whether samples can be brought to inputs of this shape."""
        return True


class Digits(Dataset):
    """1,797 handwritten digits, 8x8 grey levels, that come with scikit-learn; a stratified fifth is held out."""

    name: ClassVar = "digits"
    shape: ClassVar = (1, 8, 8)
    classes: ClassVar = 10
    inputs: ClassVar = "inputs of 1xHxW from 1x8x8 up, and vectors of 64"
    training_samples: ClassVar = 1_438
    source: ClassVar = "They are part of scikit-learn: `pip install scikit-learn`."

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
    source: ClassVar = "The four IDX files as published, plain or with `.gz`, also as torchvision and 7-zip name them."

    def fits(self, shape: tuple[int, ...]) -> bool:
        return shape in {(1, 28, 28), (1, 32, 32), (784,)}


class FashionMnist(Mnist):
    """Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): clothes in the format of MNIST."""

    name: ClassVar = "fashion_mnist"


class Kmnist(Mnist):
    """Kuzushiji-MNIST (Clanuwat et al. 2018): ten old Japanese characters in the format of MNIST."""

    name: ClassVar = "kmnist"


class Photos(Dataset):
    """Base of the data sets of pictures of any size, with a folder for each class."""

    inputs: ClassVar = "inputs of 3xHxW, and of 1xHxW in greys"
    source: ClassVar = "A folder for each class, in `train` and `val` or all together."

    def fits(self, shape: tuple[int, ...]) -> bool:
        return len(shape) == 3 and shape[0] in (1, 3)


class Folder(Photos):
    """Pictures of your own, a folder for each class."""

    name: ClassVar = "folder"
    positional: ClassVar = ("path",)
    path: str = attribute("the folder; with `--data-dir DIR` it is looked for there", FilePath())
    validation: float = attribute(_HELD_OUT, Number(0, 0.9), default=0.2)


class _Published(Photos):
    """Base of those that are published, and looked for by their names."""

    validation: float = attribute(_HELD_OUT, Number(0, 0.9), default=0.2)


class ImageNet(_Published):
    """ImageNet (Russakovsky et al. 2015), ILSVRC 2012: 1,281,167 photos to train on, 50,000 to validate, 1,000 classes."""

    name: ClassVar = "imagenet"
    shape: ClassVar = (3, 224, 224)
    classes: ClassVar = 1000
    training_samples: ClassVar = 1_281_167
    source: ClassVar = (
        "From image-net.org, which asks for an account; folders `train/n01440764/` ... and `val/n01440764/` ..."
    )


class CatsAndDogs(_Published):
    """Photos of cats and dogs (Elson et al. 2007, "Asirra"): 25,000, half of each."""

    name: ClassVar = "cats_and_dogs"
    shape: ClassVar = (3, 224, 224)
    classes: ClassVar = 2
    source: ClassVar = (
        'Microsoft\'s archive "Kaggle Cats and Dogs Dataset", unpacked: a folder `Cat` and a folder `Dog`.'
    )


class Flowers(_Published):
    """Photos of daisies, dandelions, roses, sunflowers and tulips: 3,670 (TensorFlow's tf_flowers), made 96x96."""

    name: ClassVar = "flowers"
    shape: ClassVar = (3, 96, 96)
    classes: ClassVar = 5
    source: ClassVar = "TensorFlow's archive `flower_photos.tgz`, unpacked: a folder for each flower."


class Cifar10(Dataset):
    """CIFAR-10 (Krizhevsky 2009): 50,000 small photos to train on, 10,000 to test, 32x32."""

    name: ClassVar = "cifar10"
    shape: ClassVar = (3, 32, 32)
    classes: ClassVar = 10
    inputs: ClassVar = "inputs of 3x32x32"
    training_samples: ClassVar = 50_000
    source: ClassVar = "The binary version, unpacked: `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`."

    def fits(self, shape: tuple[int, ...]) -> bool:
        return shape == self.shape


class Cifar100(Cifar10):
    """CIFAR-100 (Krizhevsky 2009): 50,000 small photos to train on, 10,000 to test, 32x32."""

    name: ClassVar = "cifar100"
    classes: ClassVar = 100
    source: ClassVar = "The binary version, unpacked: `train.bin` and `test.bin`."


class Arrays(Dataset):
    """Arrays of your own in a `.npz` file: `x_train`, `y_train`, `x_test` and `y_test`, or `x` and `y`."""

    name: ClassVar = "arrays"
    positional: ClassVar = ("path",)
    samples: ClassVar = "samples"
    source: ClassVar = (
        "Bytes are grey levels or colours, other numbers are taken as they are; the first axis counts the samples."
    )
    path: str = attribute("the file; with `--data-dir DIR` it is looked for there", FilePath())
    validation: float = attribute("share of each class that is held out of `x` and `y`", Number(0, 0.9), default=0.2)


class Csv(Dataset):
    """A table of numbers of your own, a sample in each line."""

    name: ClassVar = "csv"
    positional: ClassVar = ("path",)
    samples: ClassVar = "samples"
    source: ClassVar = "A first line of names may say which column is which."
    path: str = attribute("the file; with `--data-dir DIR` it is looked for there", FilePath())
    label: str = attribute("the name of the column of classes", Text(), default="label")
    validation: float = attribute("share of each class that is held out", Number(0, 0.9), default=0.2)


class SentencePolarity(Dataset):
    """10,662 sentences of film reviews, half of them positive (Pang and Lee 2005); a stratified tenth is held out.

    They are cut to the words of the input, and words that few sentences have are left out if `embedding` knows fewer.
    """

    name: ClassVar = "sentence_polarity"
    samples: ClassVar = "sentences"
    contents: ClassVar = "token"
    shape: ClassVar = (10,)
    classes: ClassVar = 2
    inputs: ClassVar = "inputs of L words, `input L of=token`"
    training_samples: ClassVar = 9_596
    source: ClassVar = "`rt-polarity.pos` and `rt-polarity.neg`, or the `.zip` that holds them."

    def fits(self, shape: tuple[int, ...]) -> bool:
        return len(shape) == 1


DATASETS: dict[str, type[Dataset]] = {
    item.name: item
    for item in (
        Digits,
        Mnist,
        FashionMnist,
        Kmnist,
        Cifar10,
        Cifar100,
        Folder,
        Flowers,
        CatsAndDogs,
        ImageNet,
        Arrays,
        Csv,
        SentencePolarity,
    )
}
