"""What can be wrong with a spec that can be read: one record and one plain sentence for each mistake.

The elaborator finds problems and reports them to a sink; it knows nothing of how they are explained. A problem carries the
facts: nodes of the syntax tree, values, the names that are known. :func:`plain` makes a diagnostic of the sentence alone;
:mod:`cnndsl.explain` looks for what was meant. The records are in modules by family, and each can be imported from here.
"""

from __future__ import annotations

from .arguments import *  # noqa: F403
from .base import *  # noqa: F403
from .expectations import *  # noqa: F403
from .expressions import *  # noqa: F403
from .files import *  # noqa: F403
from .flow import *  # noqa: F403
from .layers import *  # noqa: F403
from .shapes import *  # noqa: F403
from .sizes import *  # noqa: F403
from .training import *  # noqa: F403
