"""Whether the layers and blocks that a recipe names are in the network, and something is left to train."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest
from ..ir import Graph
from ..recipe import Recipe, Scope

__all__ = ["misfit_of_scopes"]

_SHOWN = 6


def misfit_of_scopes(graph: Graph, recipe: Recipe) -> Diagnostic | None:
    """E0208 if the network has no layer or block of a name, E0205 if one is named twice, E0206 if all of it is frozen."""
    scopes = (*recipe.freeze, *(scope for scope, _ in recipe.lr))
    known = _paths(graph) if scopes else ()
    for place, scope in enumerate(scopes):
        if scope not in known:
            return _unknown(graph, scope, known)
        if scope in scopes[:place]:
            return _twice(scope, scopes[scopes.index(scope)])
    if recipe.freeze and not any(recipe.factor(node.path) for node in graph.nodes if node.parameters):
        message, help_ = "`freeze` leaves nothing to train", "leave out the layers that are to learn"
        return Diagnostic(names.WRONG_VALUE, message, _label(recipe.freeze[0]), help=(help_,))
    return None


def _paths(graph: Graph) -> tuple[str, ...]:
    """The layers and blocks, those before those in them."""
    return tuple(dict.fromkeys(path for node in graph.nodes for path in _above(node.path)))


def _above(path: str) -> Iterator[str]:
    """``a``, ``a.b`` and ``a.b.c`` of the last one."""
    parts = path.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))


def _unknown(graph: Graph, scope: Scope, known: tuple[str, ...]) -> Diagnostic:
    near = nearest(scope, known)
    message = f"network `{graph.name}` has no layer or block `{scope}`"
    if near is not None:
        fixes = (Fix(f"write `{near}`", (Edit(scope.span, near),)),) if scope.span else ()
        return Diagnostic(names.UNKNOWN_NAME, message, _label(scope, f"did you mean `{near}`?"), fixes=fixes)
    whole = next((path for path in reversed([*_above(scope)]) if path in known), "")
    inside = [path for path in known if path.rpartition(".")[0] == whole]
    shown = ", ".join(f"`{path}`" for path in inside[:_SHOWN]) + (" and others" if len(inside) > _SHOWN else "")
    help_ = (
        f"{f'in `{whole}`' if whole else 'there'} are {shown}" if inside else f"`{whole}` is a layer, with none in it"
    )
    return Diagnostic(names.UNKNOWN_NAME, message, _label(scope), help=(help_,))


def _twice(scope: Scope, first: Scope) -> Diagnostic:
    earlier = (Label(first.span, "first here"),) if first.span else ()
    return Diagnostic(names.GIVEN_TWICE, f"`{scope}` is given twice", _label(scope, "again here"), earlier)


def _label(scope: Scope, text: str = "") -> Label | None:
    return Label(scope.span, text) if scope.span else None
