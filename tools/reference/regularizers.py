"""Penalties with their gradients, and constrained weights, of Keras in float64, for packages/regularizers/fixtures/regularizers.json."""

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
]


def short(values):
    return [float(f"{v:.10g}") for v in np.asarray(values, np.float64).ravel()]


def weights(random, shape, scale=1.0):
    """Numbers of both signs, and a whole column of zeros where there is room for one."""
    w = np.asarray(random.normal(size=shape) * scale, np.float32).astype(np.float64)
    if w.ndim > 0:
        w[..., -1] = 0
    return w


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
    rows = {"penalties": penalties, "constrained": constrained}
    parts = [f'"{k}": [\n' + ",\n".join(json.dumps(row, separators=(",", ":")) for row in v) + "\n]" for k, v in rows.items()]
    OUT.write_text("{\n" + f'"keras": "{keras.__version__}",\n' + ",\n".join(parts) + "\n}\n")
    print(f"{OUT.relative_to(OUT.parents[3])}: {OUT.stat().st_size} bytes, {len(penalties)} + {len(constrained)} cases")


main()
