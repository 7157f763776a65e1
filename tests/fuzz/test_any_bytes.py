"""Any bytes given to ``check`` give diagnostics or a clean verdict: a thousand inputs, and those that once failed.

With ``-m soak``, 20,000; ``campaign.py`` tries as many as one likes.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.grammar import GrammarWriter
from tests.support.fuzzing import Mutator, examine

REGRESSIONS = sorted((Path(__file__).parent / "regressions").glob("*.cnn"))
SHARDS = [0, *(pytest.param(shard, marks=pytest.mark.soak) for shard in range(1, 20))]


def test_inputs_that_failed_once() -> None:
    for path in REGRESSIONS:
        examine(path.read_bytes())


@pytest.mark.parametrize("shard", SHARDS)
def test_changed_bytes(shard: int) -> None:
    mutator = Mutator(Random(1000 + shard), longest=400)
    for _ in range(475):
        examine(mutator.bytes())


@pytest.mark.parametrize("shard", SHARDS)
def test_changed_words(shard: int) -> None:
    mutator = Mutator(Random(2000 + shard), longest=400)
    for _ in range(350):
        examine(mutator.tokens())


@pytest.mark.parametrize("shard", SHARDS)
def test_texts_of_the_grammar(shard: int) -> None:
    writer = GrammarWriter(Random(3000 + shard), depth=40)
    for _ in range(125):
        examine(writer.text().encode())


@settings(max_examples=50, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_texts_of_the_grammar_that_hypothesis_chooses(random: Random) -> None:
    examine(GrammarWriter(random, depth=20).text().encode())


@settings(max_examples=100, derandomize=True)
@given(st.text(st.characters(codec="utf-8"), max_size=60), st.sampled_from(("{}", "network A {{ input 1x8x8\n{}\n}}")))
def test_any_characters(text: str, around: str) -> None:
    examine(around.format(text).encode())


@settings(max_examples=100, derandomize=True)
@given(st.binary(max_size=80))
def test_any_bytes_at_all(content: bytes) -> None:
    examine(content)
