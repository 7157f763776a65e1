"""``cnndsl download``: bring the files of MNIST, with checked sums."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl download mnist
  cnndsl download mnist --data-dir ~/data --from https://storage.googleapis.com/cvdf-datasets/mnist/

No other command uses the internet. The SHA-256 of each file is checked. An interrupted download goes on where it stopped.
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("data", choices=("mnist",), help="the data set")
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        help="the folder to write into (default: where `cnndsl train` looks for the data set)",
    )
    parser.add_argument("--from", dest="source", metavar="URL", help="the address of the folder that has the files")


def run(arguments: Namespace) -> int:
    """Download, and say what was written."""
    from ..training.data.download import MIRRORS, download
    from ..training.data.places import data_folders

    folder = arguments.data_dir or data_folders(arguments.data, None)[-1]
    download(folder, (arguments.source,) if arguments.source else MIRRORS, lambda text: print(text, file=sys.stderr))
    print(folder)
    return 0
