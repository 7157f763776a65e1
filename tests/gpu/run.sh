#!/usr/bin/env bash
# Everything that needs a GPU, in under eight minutes on one card: parity of results, then step times beside a loop by hand.
# Usage: tests/gpu/run.sh [PYTHON]
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:-python3}
"$python" -c 'import torch; print(torch.__version__, torch.cuda.get_device_name(0))'
timeout 270 "$python" -m pytest -q -n 0 -m gpu tests/gpu
timeout 190 "$python" -m tests.gpu.step_times
