"""torchinfo's table of ResNet-152: what users of torch run for the shapes and counts that ``cnndsl check`` finds.

torchvision from a package index is built against a CUDA torch; beside a torch for the CPU its import asks for two detection
operators that are missing there, so they are declared first.
"""

from __future__ import annotations

import contextlib

import torch

_LIBRARY = torch.library.Library("torchvision", "DEF")  # kept, for the declarations live as long as it does


def main() -> None:
    for name in ("nms", "qnms"):
        with contextlib.suppress(RuntimeError):  # already there
            _LIBRARY.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchinfo
    from torchvision.models import resnet152

    torchinfo.summary(resnet152(), (1, 3, 224, 224), device="cpu")


if __name__ == "__main__":
    main()
