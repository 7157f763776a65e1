"""Arguments that commands on a trained network share: what computes, on what data, from which weights."""

from __future__ import annotations

from argparse import ArgumentParser

__all__ = ["add_checkpoint", "add_data_dir", "add_execution"]


def add_execution(parser: ArgumentParser) -> None:
    """--backend and --device."""
    parser.add_argument("--backend", choices=("numpy", "torch"), default="numpy", help="what computes (default: numpy)")
    parser.add_argument(
        "--device", default="cpu", metavar="D", help="where torch computes: cpu (default), cuda, cuda:1, mps"
    )


def add_data_dir(parser: ArgumentParser) -> None:
    """--data-dir DIR."""
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        help="folder of the data set's files (default: $CNNDSL_DATA_DIR, else the user's cache)",
    )


def add_checkpoint(parser: ArgumentParser) -> None:
    """--checkpoint PATH."""
    parser.add_argument("--checkpoint", required=True, metavar="PATH", help="the folder that `cnndsl train` wrote")
