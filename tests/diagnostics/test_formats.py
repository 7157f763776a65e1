"""What programs read: SARIF 2.1.0 as code scanning takes it, and the workflow commands of GitHub."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from cnndsl.analysis.codes import all_kinds, all_pages
from cnndsl.api import check_source
from cnndsl.diagnostics import Diagnostic, Label
from cnndsl.diagnostics.github import to_github
from cnndsl.diagnostics.kinds import files, names
from cnndsl.diagnostics.sarif import to_sarif
from cnndsl.source import Source, Span

from .cases import CASES, diagnostics_of

# An astral character is two code units of UTF-16, and one code point.
WIDE = 'network Wide {\n    input 3x8x8\n    "\U0001f600": conv 8 3x3 biass=false\n}\n'
COMMAND = re.compile(r"::(error|warning) ((?:\w+=[^,:]*)(?:,\w+=[^,:]*)*)::(.*)")


def _wide() -> tuple[Diagnostic, ...]:
    return check_source(Source("sub folder/wide.cnn", WIDE, "sub folder/wide.cnn")).diagnostics


def _is_region(region: dict[str, int]) -> bool:
    start, end = (region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"])
    return set(region) == {"startLine", "startColumn", "endLine", "endColumn"} and (1, 1) <= start <= end


def _assert_location(location: dict) -> None:
    physical = location["physicalLocation"]
    assert set(location) <= {"physicalLocation", "message", "id"}
    assert _is_region(physical["region"])
    artifact = physical["artifactLocation"]
    assert artifact["uriBaseId"] == "%SRCROOT%"
    assert re.fullmatch(r"[\w.%/-]+", artifact["uri"])
    assert not artifact["uri"].startswith("/")


def _assert_fix(fix: dict) -> None:
    assert fix["description"]["text"]
    for change in fix["artifactChanges"]:
        assert change["artifactLocation"]["uri"]
        assert change["replacements"]
        for replacement in change["replacements"]:
            assert _is_region(replacement["deletedRegion"])
            assert isinstance(replacement["insertedContent"]["text"], str)


def test_the_log_has_the_published_structure() -> None:
    diagnostics = [item for case in CASES for item in diagnostics_of(case)]
    log = to_sarif(diagnostics, "1.2.3", all_pages())
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"], run["columnKind"]) == ("cnndsl", "1.2.3", "utf16CodeUnits")
    ids = [rule["id"] for rule in driver["rules"]]
    assert ids == list(all_kinds())
    for rule in driver["rules"]:
        assert re.fullmatch(r"[A-Z]\w+", rule["name"])
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"].startswith(f"# {rule['id']}: ")
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning")
    assert len(run["results"]) == sum(item.primary is not None for item in diagnostics)
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        assert result["message"]["text"]
        assert len(result["locations"]) == 1
        for location in (*result["locations"], *result.get("relatedLocations", ())):
            _assert_location(location)
        for fix in result.get("fixes", ()):
            _assert_fix(fix)
    assert any("relatedLocations" in result for result in run["results"])
    assert sum("fixes" in result for result in run["results"]) > 30


def test_fingerprints_tell_results_apart_and_outlive_a_move() -> None:
    path = "model.cnn"
    text = "network Bad {\n    input 3x8x8\n    dropout 2\n    dropout 2\n}\n"

    def prints(text: str) -> list[str]:
        results = to_sarif(check_source(Source(path, text, path)).diagnostics, "1", all_pages())["runs"][0]["results"]
        return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]

    assert len(set(prints(text))) == 2
    assert prints(f"# a comment above\n\n{text}") == prints(text)
    assert prints(text.replace("dropout 2", "dropout 3")) != prints(text)


def test_columns_are_code_units_of_utf_16() -> None:
    results = to_sarif(_wide(), "1", all_pages())["runs"][0]["results"]
    (result,) = (item for item in results if item["ruleId"] == "E0202")
    physical = result["locations"][0]["physicalLocation"]
    assert unquote(physical["artifactLocation"]["uri"]) == "sub folder/wide.cnn"
    units = WIDE.split("\n")[2].encode("utf-16-le")
    region = physical["region"]
    assert units[2 * region["startColumn"] - 2 : 2 * region["endColumn"] - 2].decode("utf-16-le") == "biass"


def test_a_file_inside_the_folder_is_relative_and_another_has_a_whole_uri(tmp_path, monkeypatch) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)

    def artifact(path: str) -> dict[str, str]:
        diagnostics = check_source(Source(path, "", path)).diagnostics
        diagnostics = tuple(item.replace(primary=Label(Span(Source(path, "a", path), 0, 1))) for item in diagnostics)
        result = to_sarif(diagnostics, "1", all_pages())["runs"][0]["results"][0]
        return result["locations"][0]["physicalLocation"]["artifactLocation"]

    assert artifact(str(inside / "a.cnn")) == {"uri": "a.cnn", "uriBaseId": "%SRCROOT%"}
    assert artifact(str(tmp_path / "a.cnn")) == {"uri": (tmp_path / "a.cnn").as_uri()}


def test_a_mistake_in_no_text_is_a_notification() -> None:
    log = to_sarif([Diagnostic(files.CANNOT_READ, "cannot read `a.cnn`")], "1", all_pages())
    (invocation,) = log["runs"][0]["invocations"]
    assert not invocation["executionSuccessful"]
    assert invocation["toolExecutionNotifications"][0]["descriptor"] == {"id": "E0001"}
    assert log["runs"][0]["results"] == []


def test_a_workflow_command_is_one_line_with_properties() -> None:
    for case in CASES:
        for item in diagnostics_of(case):
            match = COMMAND.fullmatch(to_github(item))
            assert match, to_github(item)
            properties = dict(pair.split("=", 1) for pair in match[2].split(","))
            assert properties["title"] == f"{item.kind.code} {item.kind.slug}"
            assert Path(properties["file"]).suffix == ".cnn"
            assert int(properties["line"]) <= int(properties["endLine"])
            assert ("col" in properties) == (properties["line"] == properties["endLine"])


def test_commands_escape_what_would_end_them() -> None:
    name = "a,b:100%.cnn"
    source = Source(name, "one\ntwo\n", name)
    item = Diagnostic(names.WRONG_VALUE, "50% of a:b, or\nless", Label(Span(source, 0, 3)), help=("write 1",))
    assert to_github(item) == (
        "::error file=a%2Cb%3A100%25.cnn,line=1,col=1,endLine=1,endColumn=4,title=E0206 wrong-value"
        "::50%25 of a:b, or%0Aless%0Ahelp: write 1"
    )
    assert to_github(Diagnostic(files.CANNOT_READ, "gone")) == "::error title=E0001 cannot-read::gone"
