"""Alignment, and what is cut when a table is too wide."""

from __future__ import annotations

from cnndsl.reports.table import Column, render_table

COLUMNS = (
    Column(("", "name"), least=8, cut="start"),
    Column(("", "text"), least=10),
    Column(("great", "number"), right=True),
)
ROWS = [("layer4.2.conv1", "conv 2048 1x1 stride=2", "1,000"), ("b", "c", "7")]


def test_columns_are_as_wide_as_their_widest_cell():
    assert render_table(COLUMNS, [ROWS], 100) == [
        "                                         great",
        "name            text                    number",
        "----------------------------------------------",
        "layer4.2.conv1  conv 2048 1x1 stride=2   1,000",
        "b               c                            7",
    ]


def test_a_wide_table_loses_the_end_of_a_text_before_the_start_of_a_name():
    assert render_table(COLUMNS, [ROWS], 35)[2:] == [
        "-----------------------------------",
        "layer4.2.conv1  conv 204...   1,000",
        "b               c                 7",
    ]


def test_numbers_are_never_cut():
    assert render_table(COLUMNS, [ROWS], 10)[2:] == [
        "----------------------------",
        "...conv1  conv 20...   1,000",
        "b         c                7",
    ]


def test_a_remark_stands_under_its_row_and_widens_nothing():
    lines = render_table(COLUMNS, [[ROWS[1], ("remark", "a long remark that is wider than all")], [ROWS[1]]], 100)
    assert lines == [
        "             great",
        "name  text  number",
        "------------------",
        "b     c          7",
        "        remark  a long remark that is wider than all",
        "------------------",
        "b     c          7",
    ]


def test_spare_columns_are_left_out_in_their_order():
    columns = (Column(("", "name")), Column(("", "first"), spare=1), Column(("", "second"), spare=2))
    heads = [render_table(columns, [[("a", "b", "c")]], width)[0] for width in (19, 18, 11)]
    assert heads == ["name  first  second", "name  second", "name"]
