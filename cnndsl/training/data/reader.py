"""What every data set must say about itself: how it is read."""

from __future__ import annotations

from typing import Any

from .model import Data, Request, Samples

__all__ = ["Reader"]


class Reader:
    """Base of the readers; one may serve several data sets."""

    def read(self, dataset: Any, request: Request) -> Data:
        """The whole data set for a network."""
        raise NotImplementedError

    def read_held_out(self, dataset: Any, request: Request) -> Samples:
        """What is held out, as it is prepared in the request; files of what is trained on are not read if it need not be."""
        return self.read(dataset, request).held_out
