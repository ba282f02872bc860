"""Values and derivatives of Keras' activations in float64, for packages/activations/fixtures/activations.json.

Derivatives come from tf.GradientTape and are checked against central differences. The points lie on both sides of each kink, never on it.
sparsemax is the exception: Keras 3.15 adds up all partial sums for its threshold, so its results do not sum to 1. Its numbers are made here
from the definition (projection onto the simplex, by bisection) and compared with Keras only where a single result is above 0.
"""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf

OUT = Path(__file__).parents[2] / "packages" / "activations" / "fixtures" / "activations.json"
STEP = 1e-6

# Inputs are rounded to float32 first, so that float32 and float64 start from the same numbers.
FAR = [100, 20, 10.3, 5.2, 3.7, 2.3, 1.2, 0.7, 0.3, 0.05]
KINKS = [0, 0.5, 1, 1.5, 3, 4, 6]
KINKED_POINTS = sorted({s * v for v in FAR for s in (-1, 1)} | {s * k + d for k in KINKS for s in (-1, 1) for d in (-1e-3, 1e-3)})
SMOOTH_POINTS = sorted({s * v for v in FAR for s in (-1, 1)} | {s * v for v in (1e-3, 1.5, 7, 13.9, 15, 30, 50, 80) for s in (-1, 1)} | {0.0})
POINTS = {"kinked": np.float32(KINKED_POINTS).astype(np.float64), "smooth": np.float32(SMOOTH_POINTS).astype(np.float64)}

# celu is smooth, but Keras' gradient of it at 0 is 2 instead of 1: both its maximum and its minimum pass the gradient there.
# (name, options here, arguments of Keras' function, points)
ELEMENTWISE = [
    ("relu", {}, {}, "kinked"),
    ("relu", {"negativeSlope": 0.1}, {"negative_slope": 0.1}, "kinked"),
    ("relu", {"maxValue": 4}, {"max_value": 4.0}, "kinked"),
    ("relu", {"maxValue": 6}, {"max_value": 6.0}, "kinked"),
    ("relu", {"threshold": 1}, {"threshold": 1.0}, "kinked"),
    ("relu", {"threshold": -1}, {"threshold": -1.0}, "kinked"),
    ("relu", {"threshold": -1, "maxValue": 4}, {"threshold": -1.0, "max_value": 4.0}, "kinked"),
    ("relu", {"negativeSlope": 0.2, "maxValue": 3, "threshold": 0.5}, {"negative_slope": 0.2, "max_value": 3.0, "threshold": 0.5}, "kinked"),
    ("leakyRelu", {}, {}, "kinked"),
    ("leakyRelu", {"negativeSlope": 0.01}, {"negative_slope": 0.01}, "kinked"),
    ("relu6", {}, {}, "kinked"),
    ("elu", {}, {}, "kinked"),
    ("elu", {"alpha": 0.5}, {"alpha": 0.5}, "kinked"),
    ("elu", {"alpha": 2}, {"alpha": 2.0}, "kinked"),
    ("selu", {}, {}, "kinked"),
    ("celu", {}, {}, "kinked"),
    ("celu", {"alpha": 0.5}, {"alpha": 0.5}, "kinked"),
    ("celu", {"alpha": 2}, {"alpha": 2.0}, "kinked"),
    ("gelu", {}, {}, "smooth"),
    ("gelu", {"approximate": True}, {"approximate": True}, "smooth"),
    ("silu", {}, {}, "smooth"),
    ("hardSigmoid", {}, {}, "kinked"),
    ("hardSilu", {}, {}, "kinked"),
    ("hardTanh", {}, {}, "kinked"),
    ("mish", {}, {}, "smooth"),
    ("sigmoid", {}, {}, "smooth"),
    ("logSigmoid", {}, {}, "smooth"),
    ("softplus", {}, {}, "smooth"),
    ("softsign", {}, {}, "smooth"),
    ("squareplus", {}, {}, "smooth"),
    ("squareplus", {"b": 0.5}, {"b": 0.5}, "smooth"),
    ("squareplus", {"b": 0}, {"b": 0.0}, "kinked"),
    ("sparsePlus", {}, {}, "kinked"),
    ("sparseSigmoid", {}, {}, "kinked"),
    ("tanh", {}, {}, "smooth"),
    ("tanhShrink", {}, {}, "smooth"),
    ("hardShrink", {}, {}, "kinked"),
    ("hardShrink", {"threshold": 1.5}, {"threshold": 1.5}, "kinked"),
    ("softShrink", {}, {}, "kinked"),
    ("softShrink", {"threshold": 1.5}, {"threshold": 1.5}, "kinked"),
    ("threshold", {"threshold": 1, "defaultValue": -2}, {"threshold": 1.0, "default_value": -2.0}, "kinked"),
    ("threshold", {"threshold": -0.5, "defaultValue": 0.25}, {"threshold": -0.5, "default_value": 0.25}, "kinked"),
    ("exponential", {}, {}, "smooth"),
    ("linear", {}, {}, "kinked"),
]

VECTOR = [
    ("softmax", [4], -1), ("softmax", [3, 5], -1), ("softmax", [3, 4], 0), ("softmax", [2, 3, 4], 1), ("softmax", [2, 3, 4], [1, 2]),
    ("softmax", [2, 3, 4], [0, -1]), ("softmax", [2, 2, 2, 3], -2),
    ("logSoftmax", [4], -1), ("logSoftmax", [3, 5], -1), ("logSoftmax", [3, 4], 0), ("logSoftmax", [2, 3, 4], [0, 2]),
    ("sparsemax", [4], -1), ("sparsemax", [4, 6], -1), ("sparsemax", [5, 3], 0), ("sparsemax", [2, 4, 3], 1), ("sparsemax", [3, 1], -1),
    ("glu", [6], -1), ("glu", [3, 4], -1), ("glu", [4, 3], 0), ("glu", [2, 4, 3], 1), ("glu", [2, 2, 3, 2], -1),
]  # fmt: skip


def snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


def short(values):
    return [float(f"{v:.10g}") for v in np.asarray(values, np.float64).ravel()]


def elementwise(name, arguments, x):
    function = getattr(keras.activations, snake(name))
    # Each case must agree with Keras' own numbers in float64 and with its own slope measured between two near points.
    v = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(v)
        y = function(v, **arguments)
    dy = tape.gradient(y, v).numpy()
    step = STEP * np.maximum(1, np.abs(x))
    measured = (function(tf.constant(x + step), **arguments).numpy() - function(tf.constant(x - step), **arguments).numpy()) / (2 * step)
    # Keras' own formulas cancel for large negative x, so an absolute part is needed even in float64.
    np.testing.assert_allclose(dy, measured, rtol=1e-6, atol=2e-8, err_msg=f"{name} {arguments}")
    assert np.all(np.isfinite(y.numpy())) and np.all(np.isfinite(dy)), name
    return y.numpy(), dy


def simplex(x, axis):
    """The projection onto the simplex: bisection for the threshold at which the results sum to 1."""
    low, high = x.max(axis=axis, keepdims=True) - 1, x.max(axis=axis, keepdims=True)
    for _ in range(200):
        middle = (low + high) / 2
        over = np.maximum(x - middle, 0).sum(axis=axis, keepdims=True) > 1
        low, high = np.where(over, middle, low), np.where(over, high, middle)
    return np.maximum(x - (low + high) / 2, 0)


def vector(name, x, axis, upstream):
    if name == "sparsemax":
        y = simplex(x, axis)
        single = (y > 0).sum(axis=axis, keepdims=True) == 1
        theirs = keras.activations.sparsemax(tf.constant(x), axis=axis).numpy()
        np.testing.assert_allclose(np.where(single, theirs, 0), np.where(single, y, 0), atol=1e-12)
        support = (y > 0).astype(np.float64)
        dx = support * (upstream - (support * upstream).sum(axis=axis, keepdims=True) / support.sum(axis=axis, keepdims=True))
        function = lambda values: simplex(values, axis)
    else:
        # In a tuple Keras takes no axis counted from the end.
        keras_axis = tuple(one % x.ndim for one in axis) if isinstance(axis, list) else axis
        keras_function = getattr(keras.activations, snake(name))
        v = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(v)
            result = keras_function(v, axis=keras_axis)
            total = tf.reduce_sum(result * upstream)
        y, dx = result.numpy(), tape.gradient(total, v).numpy()
        function = lambda values: keras_function(tf.constant(values), axis=keras_axis).numpy()
    measured = np.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = np.zeros_like(x)
        step[index] = 1e-5
        measured[index] = ((function(x + step) - function(x - step)) * upstream).sum() / 2e-5
    np.testing.assert_allclose(dx, measured, rtol=1e-5, atol=1e-7, err_msg=name)
    return y, dx


def main():
    random = np.random.default_rng(7)
    result = {"keras": keras.__version__, "points": {k: [float(v) for v in p] for k, p in POINTS.items()}, "elementwise": [], "vector": []}
    for name, options, arguments, points in ELEMENTWISE:
        y, dy = elementwise(name, arguments, POINTS[points])
        result["elementwise"].append({"name": name, "options": options, "points": points, "y": short(y), "slope": short(dy)})
    for name, shape, axis in VECTOR:
        for scale in (1, 100):
            x = random.uniform(-scale, scale, shape).astype(np.float32).astype(np.float64)
            # The gate of glu keeps the size of its output: half of the axis.
            out = [size // 2 if name == "glu" and i == axis % len(shape) else size for i, size in enumerate(shape)]
            upstream = random.uniform(-1, 1, out).astype(np.float32).astype(np.float64)
            y, dx = vector(name, x, axis, upstream)
            result["vector"].append(
                {"name": name, "shape": shape, "axis": axis, "scale": scale, "x": [float(v) for v in x.ravel()], "y": short(y),
                 "upstream": [float(v) for v in upstream.ravel()], "outShape": list(y.shape), "dx": short(dx)}
            )  # fmt: skip
    OUT.parent.mkdir(exist_ok=True)
    # One case a line.
    lines = [f'"keras": {json.dumps(result["keras"])}', f'"points": {json.dumps(result["points"])}']
    for part in ("elementwise", "vector"):
        lines.append(f'"{part}": [\n' + ",\n".join(json.dumps(case, separators=(",", ":")) for case in result[part]) + "\n]")
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{OUT.relative_to(OUT.parents[3])}: {OUT.stat().st_size} bytes, {len(result['elementwise'])} + {len(result['vector'])} cases")


main()
