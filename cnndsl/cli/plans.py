"""A plan of the NumPy backend as a table, and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..reports.table import Column, render_table

if TYPE_CHECKING:
    from ..backends.numpy.plan.listing import Listing, Row
    from ..ir import Graph

__all__ = ["plan_to_json", "render_plan"]

_COLUMNS = (
    Column(("", "node"), least=16, cut="start"),
    Column(("", "does"), least=12),
    Column(("", "algorithm")),
    Column(("", "result")),
    Column(("", "layout")),
    Column(("from", "KiB"), right=True),
    Column(("size", "KiB"), right=True),
    Column(("", "parts"), right=True),
    Column(("estimated", "ms"), right=True),
    Column(("measured", "ms"), right=True),
)


def render_plan(graph: Graph, listing: Listing, batch: int, width: int) -> str:
    """The steps, what they take together, and the memory."""
    parts = "" if listing.samples == batch else f", {listing.samples} samples at a time"
    calls = sum(row.calls for row in listing.rows)
    memory = ", ".join(
        f"{bytes_ / 1024:,.0f} KiB for {purpose}"
        for purpose, bytes_ in (("values", listing.memory), ("work", listing.scratch), ("weights", listing.weights))
    )
    steps = f"{len(listing.rows)} steps, {calls} calls"
    what = f"{graph.name} {graph.input.type} on NumPy, batches of {batch}{parts}, {listing.dtype}"
    total = ("all", *[""] * 7, *(_ms(sum(times)) for times in zip(*map(_times, listing.rows), strict=True)))
    return "\n".join(
        [f"{what}: {steps}", memory, "", *render_table(_COLUMNS, [list(map(_cells, listing.rows)), [total]], width)]
    )


def _cells(row: Row) -> tuple[str, ...]:
    from ..backends.numpy.plan.listing import LAYOUTS

    first, *others = row.nodes
    return (
        f"{first} (and {len(others)} more)" if others else first,
        " ".join(row.operators),
        row.algorithm,
        "x".join(map(str, row.shape)),
        LAYOUTS[len(row.shape)],
        f"{row.start / 1024:,.1f}",
        f"{row.size / 1024:,.1f}",
        str(row.parts),
        *map(_ms, _times(row)),
    )


def _times(row: Row) -> tuple[float, float]:
    return row.estimated, row.measured


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:,.3f}"


def plan_to_json(graph: Graph, listing: Listing, batch: int, exact: bool) -> dict[str, Any]:
    """The same with all nodes of merged steps; bytes and seconds."""
    from ..backends.numpy.plan.listing import LAYOUTS

    rows = [
        {
            "nodes": row.nodes,
            "operators": row.operators,
            "algorithm": row.algorithm,
            "layout": LAYOUTS[len(row.shape)],
            "shape": row.shape,
            "buffer": {"start": row.start, "bytes": row.size},
            "parts": row.parts,
            "calls": row.calls,
            "estimated_seconds": row.estimated,
            "measured_seconds": row.measured,
        }
        for row in listing.rows
    ]
    memory = {"values": listing.memory, "work": listing.scratch, "weights": listing.weights}
    named = {"network": graph.name, "batch": batch, "samples_at_once": listing.samples, "dtype": listing.dtype}
    return {**named, "exact": exact, "bytes": memory, "steps": rows}
