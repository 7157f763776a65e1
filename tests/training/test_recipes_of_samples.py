"""What a recipe does to samples before a step: normalisation, mixing, hues, a class for each pixel, the mean of weights."""

from __future__ import annotations

import numpy as np
import pytest

import cnndsl
from cnndsl.diagnostics import DiagnosticError
from cnndsl.recipe import Augment
from cnndsl.training.data.augment import augmented, mixed

VECTOR = """\
network Vector {
    input 3
    dense 8 | relu
    dense 2
}
train {
    data arrays "none.npz"
    optimizer adam lr=1e-2
    epochs 2
    batch 16
}
"""

PIXELS = """\
network Pixels {
    input 3x8x8
    conv 8 3x3 pad=1 | relu
    conv 2 1x1
}
train {
    data arrays "pixels.npz"
    optimizer adam lr=3e-2
    epochs 8
    batch 16
}
"""


def model(text: str) -> cnndsl.Model:
    return cnndsl.Model(cnndsl.check_text(text, "test.cnn"))


def code(text: str, **changes) -> str:
    with pytest.raises(DiagnosticError) as raised:
        model(text).train(data=vectors(), **changes)
    return raised.value.diagnostics[0].kind.code


def vectors():
    random = np.random.default_rng(0)
    x = random.normal((5.0, -100.0, 0.0), (1.0, 20.0, 0.0), (80, 3)).astype(np.float32)
    return x, (x[:, 0] > 5).astype(np.int64)


def test_measured_gives_each_number_mean_0_and_deviation_1():
    result = model(VECTOR).train(data=(vectors(), vectors()), normalize="measured")
    found = result.preparation.normalized(vectors()[0])
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(found.std(axis=0), (1, 1, 0), atol=1e-5)


def test_given_numbers_are_taken():
    result = model(VECTOR).train(data=vectors(), normalize="given mean=(5, -100, 0) std=(1, 20, 2)")
    np.testing.assert_allclose(result.preparation.normalized(vectors()[0][:1])[0, 1], (vectors()[0][0, 1] + 100) / 20)


def test_usual_leaves_numbers_as_they_are():
    result = model(VECTOR).train(data=vectors())
    np.testing.assert_array_equal(result.preparation.normalized(vectors()[0]), vectors()[0])


def test_wrong_numbers_are_refused_before_data_is_read():
    assert code(VECTOR, normalize="given mean=(1, 2) std=1") == "E0413"
    assert code(VECTOR, normalize="given mean=0 std=0") == "E0207"
    assert code(VECTOR, normalize="imagenet") == "E0402"


def test_what_is_predicted_goes_through_the_normalisation_of_the_training(tmp_path):
    from cnndsl.training import predict, read_inputs

    result = model(VECTOR).train(data=vectors(), normalize="measured", epochs=20, output=str(tmp_path / "run"))
    np.save(tmp_path / "x.npy", vectors()[0])
    found = read_inputs(str(tmp_path / "x.npy"), result.preparation, (3,))
    told = [item.label for item in predict(result.network, found)]
    assert np.mean(told == vectors()[1]) > 0.9


def test_evaluation_goes_through_the_normalisation_of_the_training(tmp_path):
    from cnndsl.training import evaluate_network

    text = (
        VECTOR.replace("input 3\n", "input 64\n").replace("dense 2", "dense 10").replace('arrays "none.npz"', "digits")
    )
    digits = model(text)
    result = digits.train(epochs=1, normalize="raw", output=str(tmp_path))

    recipe = digits.checked.require_recipe().replace()
    found = evaluate_network(result.network, recipe, preparation=result.preparation)
    assert found.accuracy == result.accuracy
    assert result.preparation.scale == (1.0,)


def test_mixed_samples_have_the_shares_of_their_classes():
    random = np.random.default_rng(3)
    x = np.eye(4, dtype=np.float32)
    mixed_x, shares = mixed(x, np.array([0, 1, 2, 3]), 4, 0.4, random)
    np.testing.assert_allclose(mixed_x, shares)  # each sample shows its class, so that both are mixed alike
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-6)
    assert 0 < shares.max(axis=1).min() < 1


def test_without_mixing_labels_stay_numbers():
    labels = np.array([1, 0])
    assert mixed(np.zeros((2, 1), np.float32), labels, 2, 0.0, np.random.default_rng(0))[1] is labels


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_training_with_mixup_learns(backend):
    result = model(PIXELS).train(data=pixels(), backend=backend, augment="mixup=0.2")
    assert result.accuracy > 0.9


def test_hues_are_turned():
    """Through hue, saturation and value, as the standard library has them."""
    colours = np.array([[0.8, 0.2, 0.1], [0.1, 0.9, 0.6], [0.3, 0.3, 0.7], [0.5, 0.5, 0.5]], np.float32)
    from colorsys import hsv_to_rgb, rgb_to_hsv

    from cnndsl.training.data.augment import _turned

    for share in (0.1, 0.5, -0.3):
        expected = [
            hsv_to_rgb((h + share) % 1, s, v) for h, s, v in (rgb_to_hsv(*map(float, each)) for each in colours)
        ]
        found = _turned(colours.T[:, :, None].copy(), share)
        np.testing.assert_allclose(found[..., 0].T, expected, atol=1e-6)


def test_hue_leaves_light_and_greys():
    grey = np.full((2, 3, 4, 4), 77, np.uint8)
    found = augmented(grey, Augment(hue=0.5), np.random.default_rng(0))
    np.testing.assert_allclose(found, 77 / 255, rtol=1e-6)


def pixels():
    """Bright pixels are of class 1."""
    random = np.random.default_rng(1)
    x = random.integers(0, 256, (60, 3, 8, 8), dtype=np.uint8)
    return x, (x.mean(axis=1) > 127).astype(np.int64)


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_a_class_for_each_pixel_is_learnt(backend, tmp_path):
    result = model(PIXELS).train(data=pixels(), backend=backend, output=str(tmp_path / "run"))
    assert result.accuracy > 0.9
    restored = model(PIXELS)
    restored.restore(str(tmp_path / "run"), backend=backend)
    assert restored.predict(np.zeros((2, 3, 8, 8), np.float32)).shape == (2, 2, 8, 8)


def test_maps_of_classes_are_read_from_a_file_and_evaluated(tmp_path):
    from cnndsl.cli.main import main

    x, y = pixels()
    np.savez(tmp_path / "pixels.npz", x=x, y=y)
    spec = tmp_path / "pixels.cnn"
    spec.write_text(PIXELS, encoding="utf-8")
    run = str(tmp_path / "run")
    assert main(["train", str(spec), "--output", run, "--quiet"]) == 0
    assert main(["eval", str(spec), "--checkpoint", run]) == 0
    assert main(["predict", str(spec), str(tmp_path / "pixels.npz"), "--checkpoint", run]) == 1


def test_maps_of_another_size_and_moved_pixels_are_refused():
    x, y = pixels()
    for data, changes in (((x, y[:, :4]), {}), ((x, y[:, 0, 0]), {}), ((x, y), {"augment": "flip=true"})):
        with pytest.raises(DiagnosticError) as raised:
            model(PIXELS).train(data=data, **changes)
        assert raised.value.diagnostics[0].kind.code in ("E0412", "E0413")


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_a_training_with_a_mean_of_weights_goes_on_bit_for_bit(backend, tmp_path):
    changes = {"backend": backend, "ema": 0.9, "data": (vectors(), vectors())}
    whole = model(VECTOR).train(epochs=4, **changes)
    stopped = tmp_path / "run"
    model(VECTOR).train(epochs=2, output=str(stopped), **changes)
    halves = model(VECTOR)
    from cnndsl.training import Run, train_network
    from cnndsl.training.data import Request, data_of_pairs

    recipe = halves.checked.require_recipe().replace(epochs=4, ema=0.9)
    data = data_of_pairs((vectors(), vectors()), Request(halves.graph))
    run = Run(str(stopped), VECTOR, resume=True, force=True)
    resumed = train_network(halves.graph, recipe, data, backend=backend, run=run)
    for name, tensor in whole.network.state().items():
        np.testing.assert_array_equal(resumed.network.state()[name], tensor)
    plain = model(VECTOR).train(epochs=4, backend=backend, data=(vectors(), vectors()))
    assert any(
        not np.array_equal(a, b)
        for a, b in zip(whole.network.state().values(), plain.network.state().values(), strict=True)
    )
