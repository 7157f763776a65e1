"""The most memory that torch's allocator holds at once: ``python -m tests.analysis.peak SPEC BATCH train|recompute|infer``.

torch.profiler is told of every allocation and release of the CPU allocator, and of the sum of what is held since it began; the
largest of these sums is the peak. Unlike the resident size of the process it counts no libraries, no code and no pages that
the C library keeps for later, so that it is what the network itself takes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from torch.profiler import ProfilerActivity, profile

import cnndsl
from cnndsl.backends import find_backend
from cnndsl.backends.base import Options
from cnndsl.recipe import CrossEntropy
from cnndsl.recipe.optimizers import SGD


def peak(spec: str, batch: int, mode: str) -> int:
    """Bytes."""
    graph = cnndsl.load(spec).graph
    labels = np.arange(batch) % graph.output.type.shape[0]
    x = np.zeros((batch, *graph.input.type.shape), np.float32)
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as watched:
        network = find_backend("torch").compile(graph, options=Options(recompute=mode == "recompute"))
        if mode != "infer":
            trainer = network.trainer(CrossEntropy(), SGD(lr=0.1, momentum=0.9))
        for step in range(2):
            # a copy that torch allocates, as those of batches that are read are
            given = torch.from_numpy(x).clone().numpy()
            if mode != "infer":
                trainer.step(given, labels, learning_rate=0.0, step=step)
            else:
                network.forward(given)
    with TemporaryDirectory() as folder:
        path = Path(folder, "trace.json")
        watched.export_chrome_trace(str(path))
        events = json.loads(path.read_text())["traceEvents"]
    held = [event["args"]["Total Allocated"] for event in events if event.get("name") == "[memory]"]
    return max(held)


if __name__ == "__main__":
    name, batch, mode = sys.argv[1:]
    print(peak(name, int(batch), mode))
