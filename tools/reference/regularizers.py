"""Penalties with their gradients, and constrained weights, of Keras in float64, for packages/regularizers/fixtures/regularizers.json.

Keras has no Kullback-Leibler sparsity: its numbers come from the formula.
"""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf

OUT = Path(__file__).parents[2] / "packages" / "regularizers" / "fixtures" / "regularizers.json"
SHAPES = [[], [5], [4, 3], [2, 2, 3, 2]]

REGULARIZERS = [
    ("l1", {}, keras.regularizers.L1()),
    ("l1", {"l1": 0.3}, keras.regularizers.L1(0.3)),
    ("l1", {"l1": 0}, keras.regularizers.L1(0.0)),
    ("l2", {}, keras.regularizers.L2()),
    ("l2", {"l2": 0.2}, keras.regularizers.L2(0.2)),
    ("l1l2", {}, keras.regularizers.L1L2()),
    ("l1l2", {"l1": 0.05}, keras.regularizers.L1L2(l1=0.05)),
    ("l1l2", {"l1": 0.05, "l2": 0.4}, keras.regularizers.L1L2(l1=0.05, l2=0.4)),
]

# (name, options here, Keras' own, shape, scale of the weights)
CONSTRAINTS = [
    ("maxNorm", {}, keras.constraints.MaxNorm(), [4, 3], 1),
    ("maxNorm", {}, keras.constraints.MaxNorm(), [4, 3], 10),
    ("maxNorm", {"maxValue": 0.5}, keras.constraints.MaxNorm(0.5), [5], 1),
    ("maxNorm", {"maxValue": 1, "axis": 1}, keras.constraints.MaxNorm(1, axis=1), [4, 3], 1),
    ("maxNorm", {"maxValue": 1, "axis": [0, 1, 2]}, keras.constraints.MaxNorm(1, axis=[0, 1, 2]), [2, 2, 3, 2], 1),
    ("maxNorm", {"maxValue": 0}, keras.constraints.MaxNorm(0), [4, 3], 1),
    ("nonNegative", {}, keras.constraints.NonNeg(), [4, 3], 1),
    ("unitNorm", {}, keras.constraints.UnitNorm(), [4, 3], 1),
    ("unitNorm", {}, keras.constraints.UnitNorm(), [4, 3], 1e-6),
    ("unitNorm", {"axis": -1}, keras.constraints.UnitNorm(axis=-1), [4, 3], 1),
    ("unitNorm", {"axis": [0, 1, 2]}, keras.constraints.UnitNorm(axis=[0, 1, 2]), [2, 2, 3, 2], 1),
    ("minMaxNorm", {}, keras.constraints.MinMaxNorm(), [4, 3], 1),
    ("minMaxNorm", {"minValue": 1, "maxValue": 2}, keras.constraints.MinMaxNorm(1.0, 2.0), [4, 3], 0.1),
    ("minMaxNorm", {"minValue": 0.5, "maxValue": 1, "rate": 0.25}, keras.constraints.MinMaxNorm(0.5, 1.0, 0.25), [4, 3], 2),
    ("minMaxNorm", {"rate": 0}, keras.constraints.MinMaxNorm(rate=0.0), [5], 1),
    ("minMaxNorm", {"maxValue": 0.5, "axis": [0, 1, 2]}, keras.constraints.MinMaxNorm(0.0, 0.5, axis=[0, 1, 2]), [2, 2, 3, 2], 1),
]


def short(values):
    return [float(f"{v:.10g}") for v in np.asarray(values, np.float64).ravel()]


def weights(random, shape, scale=1.0):
    """Numbers of both signs, and a whole column of zeros where there is room for one."""
    w = np.asarray(random.normal(size=shape) * scale, np.float32).astype(np.float64)
    if w.ndim > 0:
        w[..., -1] = 0
    return w


def orthogonal(random):
    """Matrices without zeros, where Keras' gradient is a number, and one with a row of zeros, of which only the value is."""
    for factor, mode in ((0.01, "rows"), (0.5, "columns")):
        function = keras.regularizers.OrthogonalRegularizer(factor, mode)
        # Keras keeps the factor in float32.
        function.factor = tf.constant(factor, tf.float64)
        for shape in ([4, 3], [3, 5], [6, 2], [2, 2]):
            w = np.asarray(random.normal(size=shape), np.float32).astype(np.float64)
            v = tf.constant(w)
            with tf.GradientTape() as tape:
                tape.watch(v)
                value = function(v)
            gradient = tape.gradient(value, v).numpy()
            assert np.all(np.isfinite(gradient))
            yield {"options": {"factor": factor, "mode": mode}, "shape": shape, "w": w.ravel().tolist(), "value": float(value), "gradient": short(gradient)}
        w[0] = 0
        yield {"options": {"factor": factor, "mode": "rows"}, "shape": [2, 2], "w": w.ravel().tolist(), "value": 0, "gradient": [0] * 4}


def sparsity(random):
    """Ng's penalty by its formula; the gradient by automatic differentiation of the same."""
    for target, factor in ((0.05, 0.01), (0.3, 2.0)):
        for shape in ([5], [6, 4], [2, 3, 4], [2, 2, 2, 3], [0, 3]):
            a = np.asarray(1 / (1 + np.exp(-random.normal(size=shape) * 2)), np.float32).astype(np.float64)
            if shape == [6, 4]:
                a[:, 0], a[:, 1], a[:, 2] = 0, 1, np.float32(target / 2)
            v = tf.constant(a)
            with tf.GradientTape() as tape:
                tape.watch(v)
                means = tf.reduce_sum(tf.reshape(v, [-1, shape[-1]]), 0) / max(1, a.size // shape[-1])
                q = tf.clip_by_value(means, 1e-7, 1 - 1e-7)
                value = factor * tf.reduce_sum(target * tf.math.log(target / q) + (1 - target) * tf.math.log((1 - target) / (1 - q)))
            gradient = tape.gradient(value, v).numpy()
            p, q = target, np.clip(a.reshape(-1, shape[-1]).sum(0) / max(1, a.size // shape[-1]), 1e-7, 1 - 1e-7)
            np.testing.assert_allclose(factor * np.sum(p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))), value, rtol=1e-12)
            yield {"options": {"target": target, "factor": factor}, "shape": shape, "w": a.ravel().tolist(), "value": float(value), "gradient": short(gradient)}


def main():
    random = np.random.default_rng(11)
    penalties = []
    for name, options, function in REGULARIZERS:
        for shape in SHAPES:
            w = weights(random, shape)
            v = tf.constant(w)
            with tf.GradientTape() as tape:
                tape.watch(v)
                value = function(v)
            gradient = tape.gradient(value, v)
            gradient = np.zeros_like(w) if gradient is None else gradient.numpy()
            penalties.append({"name": name, "options": options, "shape": shape, "w": w.ravel().tolist(), "value": float(value), "gradient": short(gradient)})
    constrained = []
    for name, options, function, shape, scale in CONSTRAINTS:
        w = weights(random, shape, scale)
        constrained.append({"name": name, "options": options, "shape": shape, "w": w.ravel().tolist(), "value": short(function(w).numpy())})
    OUT.parent.mkdir(exist_ok=True)
    random = np.random.default_rng(12)
    rows = {"penalties": penalties, "constrained": constrained, "orthogonal": list(orthogonal(random)), "sparsity": list(sparsity(random))}
    parts = [f'"{k}": [\n' + ",\n".join(json.dumps(row, separators=(",", ":")) for row in v) + "\n]" for k, v in rows.items()]
    OUT.write_text("{\n" + f'"keras": "{keras.__version__}",\n' + ",\n".join(parts) + "\n}\n")
    print(f"{OUT.relative_to(OUT.parents[3])}: {OUT.stat().st_size} bytes, {len(penalties)} + {len(constrained)} cases")


main()
