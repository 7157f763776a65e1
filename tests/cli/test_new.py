"""``cnndsl new``, and settings as shells give them."""

from __future__ import annotations

from cnndsl.cli.main import main


def test_it_copies_a_spec_and_says_how_to_get_the_network_of_that_name(tmp_path, capsys) -> None:
    path = tmp_path / "my.cnn"
    assert main(["new", str(path), "--from", "zoo:vgg11"]) == 0
    assert "--set config=" in capsys.readouterr().err
    assert main(["check", str(path)]) == 0


def test_it_overwrites_nothing_without_force(tmp_path, capsys) -> None:
    path = tmp_path / "my.cnn"
    path.write_text("kept")
    assert main(["new", str(path)]) == 1
    assert "E0004" in capsys.readouterr().err
    assert path.read_text() == "kept"
    assert main(["new", str(path), "--force"]) == 0
    assert "LeNet5" in path.read_text()


def test_a_word_is_text_where_it_names_no_layer(capsys) -> None:
    assert main(["summary", "zoo:vgg16", "--set", "config=A", "--format", "json"]) == 0
    bare = capsys.readouterr().out
    assert main(["summary", "zoo:vgg16", "--set", 'config="A"', "--format", "json"]) == 0
    assert capsys.readouterr().out == bare


def test_what_fits_no_case_is_an_error(capsys) -> None:
    assert main(["summary", "zoo:vgg16", "--set", "config=Q"]) == 1
    assert "no case for" in capsys.readouterr().err
