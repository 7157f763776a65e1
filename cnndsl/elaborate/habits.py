"""What some people count or write in a network and others do not, and by how much its counts then differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..ir import Graph, Node
from ..ops import element_count
from ..ops.linear import Dense
from ..ops.normalization import BatchNorm
from ..record import Record

__all__ = ["Change", "macs_habits", "parameter_habits", "single_changes"]


class Change(Record):
    """Some layers counted or written otherwise, in words that go before "it would be", and what that adds to the count."""

    text: str
    difference: int
    nodes: tuple[Node, ...] = ()


def parameter_habits(graph: Graph) -> list[Change]:
    """All that would make a difference to the number of parameters; of two that are the same, the one said more exactly."""
    found: dict[tuple[int, tuple[Node, ...]], Change] = {}
    for change in (*_of_biases(graph), *_of_norms(graph), _of_heads(graph)):
        if change.difference:
            found.setdefault((change.difference, change.nodes), change)
    return list(found.values())


def macs_habits(graph: Graph) -> list[Change]:
    """All that would make a difference to the number of multiply-accumulates."""
    nodes = graph.needed_nodes((graph.output,))
    biased = [node for node in nodes if getattr(node.operator, "bias", False) is True]
    additions = sum(element_count(node.output.type.shape) for node in biased)
    dense = sum(node.macs for node in nodes if isinstance(node.operator, Dense))
    changes = (
        Change("with multiplications and additions counted apart, as FLOPs,", graph.macs),
        Change("with the additions of biases counted", additions),
        Change("with FLOPs counted, those of biases among them,", graph.macs + additions),
        Change("with convolutions counted alone", -dense),
    )
    return [change for change in changes if change.difference]


def single_changes(graph: Graph) -> Iterator[Change]:
    """One layer with a bias or without, one convolution with a batch normalisation behind it, for each layer."""
    normalized = {node.input for node in graph.nodes if isinstance(node.operator, BatchNorm)}
    for node in graph.nodes:
        layer = f"`{node.span.text}` on line {node.span.position[0]}"
        if "bias" in node.operator.attributes():
            yield _switched("bias", False, (node,), f"without the bias of {layer}")
            yield _switched("bias", True, (node,), f"with a bias in {layer}")
        if node.operator.name == "conv" and node.output not in normalized:
            yield Change(f"with a `bn` behind {layer}", 2 * node.output.type.shape[0], (node,))


def _of_biases(graph: Graph) -> Iterator[Change]:
    normalized = {node.input for node in graph.nodes if isinstance(node.operator, BatchNorm)}
    biased = [node for node in graph.nodes if "bias" in node.operator.attributes()]
    convolutions = [node for node in biased if not isinstance(node.operator, Dense)]
    dense = [node for node in biased if isinstance(node.operator, Dense)]
    before = [node for node in convolutions if node.output in normalized]
    yield _switched("bias", False, before, "without the bias of {}, which a `bn` follows,", "convolution")
    yield _switched("bias", True, before, "with a bias in {}, which a `bn` follows,", "convolution")
    for nodes, noun in ((convolutions, "convolution"), (dense, "dense layer"), (biased, "layer")):
        yield _switched("bias", False, nodes, "without the bias of {}", noun)
        yield _switched("bias", True, nodes, "with a bias in {} written without", noun)


def _of_norms(graph: Graph) -> Iterator[Change]:
    norms = [node for node in graph.nodes if isinstance(node.operator, BatchNorm)]
    yield _switched("affine", False, norms, "without the weight and bias of {}", "`bn`")
    yield _switched("affine", True, norms, "with a weight and bias in {} written without", "`bn`")
    yield _norms_added(graph, norms)
    text = f"with the running mean and variance of {_each(norms, '`bn`')} counted, as Keras does,"
    yield Change(text, sum(2 * node.input.type.shape[0] for node in norms), tuple(norms))


def _norms_added(graph: Graph, norms: Sequence[Node]) -> Change:
    normalized = {node.input for node in norms}
    bare = [node for node in graph.nodes if node.operator.name == "conv" and node.output not in normalized]
    difference = 2 * sum(node.output.type.shape[0] for node in bare)
    return Change(f"with a `bn` behind {_each(bare, 'convolution')}{' without' if norms else ''}", difference)


def _of_heads(graph: Graph) -> Change:
    needed = set(graph.needed_nodes((graph.output,)))
    unneeded = tuple(node for node in graph.nodes if node not in needed)
    difference = -sum(node.parameter_count for node in unneeded)
    return Change("without the heads, which training alone needs,", difference, unneeded)


def _switched(attribute: str, value: bool, nodes: Iterable[Node], text: str, noun: str = "") -> Change:
    """The layers that have a yes or no the other way round, made to have it so."""
    changed = tuple(node for node in nodes if getattr(node.operator, attribute) is not value)
    difference = sum(_with(node, attribute, value) - node.parameter_count for node in changed)
    return Change(text.replace("{}", _each(changed, noun)), difference, changed)


def _with(node: Node, attribute: str, value: bool) -> int:
    """How many parameters the layer would have."""
    specs = node.operator.replace(**{attribute: value}).parameters(*node.input_types)
    return sum(element_count(spec.shape) for spec in specs.values())


def _each(nodes: Sequence[Node], noun: str) -> str:
    if len(nodes) == 1:
        return f"the {noun}"
    plural = noun if noun.endswith("`") else f"{noun}s"
    return f"each of the {len(nodes)} {plural}"
