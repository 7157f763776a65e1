"""One thread per test process: the networks are small, and the processes of pytest-xdist share the cores."""

from __future__ import annotations

import torch
from threadpoolctl import threadpool_limits

torch.set_num_threads(1)
threadpool_limits(limits=1)
