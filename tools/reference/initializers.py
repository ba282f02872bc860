"""What Keras' initializers ask of their random source, for packages/initializers/fixtures/initializers.json.

The random numbers themselves differ between libraries, so the source is replaced: it records the distribution and its limits, and for the
orthogonal initializer it gives known numbers. The quantiles of the normal distribution come from Python's statistics module.
"""

import json
import os
from pathlib import Path
from statistics import NormalDist

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf
from keras.src.initializers import random_initializers

OUT = Path(__file__).parents[2] / "packages" / "initializers" / "fixtures" / "initializers.json"
SHAPES = [[7], [3, 5], [1, 1], [784, 128], [3, 4, 5], [3, 3, 4, 8], [2, 3, 3, 4, 8]]
CLASSES = ["GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal"]
MODES = {"fanIn": "fan_in", "fanOut": "fan_out", "fanAvg": "fan_avg"}
AXES = [([3, 4, 5], [0], [1, 2]), ([3, 4, 5], [0, 1], [-1]), ([6, 2], [1], [0]), ([2, 3, 4, 5], [], [-2, 0])]
WINDOWS = [
    "boxcar", "hann", "hamming", "blackman", "nuttall", "blackmanharris", "flattop", "bartlett", "triang", "parzen", "bohman", "barthann", "cosine",
    "exponential", "tukey", "lanczos", "taylor",
]  # fmt: skip
DISTRIBUTIONS = {"uniform": "uniform", "truncatedNormal": "truncated_normal", "untruncatedNormal": "untruncated_normal"}


class Recorder:
    """Stands where Keras' random functions are and notes what they are asked for."""

    def uniform(self, shape, minval, maxval, dtype, seed):
        self.seen = {"distribution": "uniform", "minval": minval, "maxval": maxval}

    def normal(self, shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
        self.seen = {"distribution": "untruncatedNormal", "mean": mean, "stddev": stddev}

    def truncated_normal(self, shape, mean, stddev, dtype, seed):
        self.seen = {"distribution": "truncatedNormal", "mean": mean, "stddev": stddev}

    def make_default_seed(self):
        return 1

    def of(self, initializer, shape):
        initializer(tuple(shape))
        return self.seen


class Given(Recorder):
    """Gives known numbers where normal ones are asked for."""

    def __init__(self, numbers):
        self.numbers = numbers

    def normal(self, shape, seed=None, dtype=None):
        assert tuple(shape) == self.numbers.shape
        return tf.constant(self.numbers)


def orthogonal(shape, gain):
    rows, columns = int(np.prod(shape[:-1])), shape[-1]
    numbers = np.random.default_rng(3).normal(size=(max(rows, columns), min(rows, columns)))
    random_initializers.random = Given(numbers)
    value = keras.initializers.Orthogonal(gain=gain)(tuple(shape)).numpy()
    return {"shape": shape, "gain": gain, "normal": numbers.ravel().tolist(), "value": value.ravel().tolist()}


def numbers(kind, options, initializer, shape):
    """The value of an initializer that reads no random numbers."""
    value = np.asarray(initializer(tuple(shape), dtype="float64"))
    assert np.all(np.isfinite(value)), (kind, options, shape)
    return {"type": kind, "options": options, "shape": shape, "value": [float(f"{v:.10g}") for v in value.ravel()]}


def known():
    for gain, shape in ((1.0, [3, 3]), (2.5, [2, 4]), (-1.0, [4, 2]), (1.0, [0, 3])):
        yield numbers("Identity", {"gain": gain}, keras.initializers.Identity(gain), shape)
    for value, shape in ((0.0, [2, 2]), (-0.5, [3]), (2.0, [])):
        yield numbers("Constant", {"value": value}, keras.initializers.Constant(value), shape)
    yield numbers("Zeros", {}, keras.initializers.Zeros(), [2, 3])
    yield numbers("Ones", {}, keras.initializers.Ones(), [2, 3])


def transforms():
    for window in WINDOWS:
        for length, periodic in ((5, False), (8, False), (7, True), (1, False)):
            keras_window = keras.initializers.STFT(window=window, periodic=periodic)
            yield numbers("STFT", {"window": window, "periodic": periodic}, keras_window, [length, 1, 2])
    for side in ("real", "imag"):
        for scaling in ("density", "spectrum", None):
            for window in ("hamming", None, [0.5, -1.0, 2.0, 0.25, 1.0, 0.125]):
                keras_part = keras.initializers.STFT(side, window, scaling)
                yield numbers("STFT", {"side": side, "scaling": scaling, "window": window}, keras_part, [6, 1, 5])


def main():
    real, recorder = random_initializers.random, Recorder()
    random_initializers.random = recorder
    named = [
        {"type": name, "shape": shape, **recorder.of(getattr(keras.initializers, name)(), shape)} for name in CLASSES for shape in SHAPES
    ]
    scaled = [
        {"mode": mode, "distribution": distribution, "scale": scale, "shape": shape, **recorder.of(
            keras.initializers.VarianceScaling(scale, MODES[mode], DISTRIBUTIONS[distribution]), shape)}
        for mode in MODES for distribution in DISTRIBUTIONS for scale, shape in ((1.0, [3, 5]), (0.3, [3, 4, 5]), (2.0, [7]))
    ]  # fmt: skip
    defaults = [
        {"type": name, **recorder.of(getattr(keras.initializers, name)(), [3, 5])}
        for name in ("RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling")
    ]
    axes = [
        {"type": name, "shape": shape, "inputAxes": inputs, "outputAxes": outputs, "fans": list(random_initializers.compute_fans(shape, inputs, outputs)),
         **recorder.of(getattr(keras.initializers, name)(input_axes=inputs, output_axes=outputs), shape)}
        for name in (*CLASSES, "VarianceScaling") for shape, inputs, outputs in AXES
    ]  # fmt: skip
    turned = [orthogonal(shape, gain) for shape, gain in (([6, 4], 1.0), ([4, 6], 1.0), ([5, 5], 1.5), ([2, 3, 4], 0.5), ([3, 2, 9], 2.0), ([4, 1], 1.0))]
    random_initializers.random = real
    quantiles = [[p, NormalDist().inv_cdf(p)] for p in np.linspace(0.0228, 0.9772, 41).tolist() + [0.075, 0.0750001, 0.925, 0.924999]]
    result = {
        "keras": keras.__version__,
        "fans": [[shape, list(random_initializers.compute_fans(shape))] for shape in [[], [0, 5], *SHAPES]],
        "named": named,
        "scaled": scaled,
        "defaults": defaults,
        "axes": axes,
        "known": list(known()),
        "transforms": list(transforms()),
        "orthogonal": turned,
        "quantiles": quantiles,
    }
    OUT.parent.mkdir(exist_ok=True)
    parts = []
    for name, part in result.items():
        rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in part) if isinstance(part, list) else None
        parts.append(f'"{name}": {json.dumps(part)}' if rows is None else f'"{name}": [\n{rows}\n]')
    OUT.write_text("{\n" + ",\n".join(parts) + "\n}\n")
    print(f"{OUT.relative_to(OUT.parents[3])}: {OUT.stat().st_size} bytes")


main()
