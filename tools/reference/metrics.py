"""Results of Keras' metrics over several batches, the last one short, and its choice of an accuracy by shapes.

Run: python tools/reference/metrics.py   (writes packages/objectives/fixtures/metrics.json)
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf
from keras.src.trainers.compile_utils import get_metric

TARGET = Path(__file__).parents[2] / "packages/objectives/fixtures/metrics.json"
BATCHES = [4, 4, 4, 2]
random = np.random.default_rng(11)


def array(values):
    values = np.float32(values)
    return {"shape": list(values.shape), "values": np.ravel(values).tolist()}


def case(metric, ours, y, p, options=None, name=None):
    """Feeds one batch after another and keeps the result after each."""
    y, p = np.float32(y), np.float32(p)
    batches, results, start = [], [], 0
    for size in BATCHES:
        yb, pb = y[start : start + size], p[start : start + size]
        start += size
        metric.update_state(yb, pb)
        batches.append({"yTrue": array(yb), "yPred": array(pb)})
        results.append(float(metric.result()))
    return {"metric": ours, "options": options or {}, "batches": batches, "results": results}


def scores(*shape):
    return np.round(random.uniform(size=(sum(BATCHES), *shape)), 3)


def probabilities(*shape):
    values = scores(*shape)
    return values / values.sum(-1, keepdims=True)


def labels(classes, *shape):
    return random.integers(classes, size=(sum(BATCHES), *shape))


def root_mean_squared(y, p):
    return tf.sqrt(tf.reduce_mean(tf.square(y - p), axis=-1))


def cases():
    M = keras.metrics
    for shape in ([], [1], [3]):
        y, p = labels(2, *shape), scores(*(shape or [1]))
        yield case(M.BinaryAccuracy(), "binaryAccuracy", y, p)
        yield case(M.BinaryAccuracy(threshold=0.8), "binaryAccuracy", y, p, {"threshold": 0.8})
    on_threshold = np.where(labels(2, 1) == 1, 0.5, 0.75)
    yield case(M.BinaryAccuracy(), "binaryAccuracy", labels(2, 1), on_threshold)
    yield case(M.CategoricalAccuracy(), "categoricalAccuracy", np.eye(3)[labels(3)], scores(3))
    yield case(M.CategoricalAccuracy(), "categoricalAccuracy", np.eye(3)[labels(3, 2)], scores(2, 3))
    yield case(M.SparseCategoricalAccuracy(), "sparseCategoricalAccuracy", labels(3), scores(3))
    yield case(M.SparseCategoricalAccuracy(), "sparseCategoricalAccuracy", labels(3, 1), scores(3))
    yield case(M.SparseCategoricalAccuracy(), "sparseCategoricalAccuracy", labels(3, 5), scores(5, 3))
    # Many equal scores: the first of them counts.
    yield case(M.SparseCategoricalAccuracy(), "sparseCategoricalAccuracy", labels(3), np.round(scores(3) * 2) / 2)
    yield case(M.MeanSquaredError(), "mse", scores(3), scores(3))
    yield case(M.MeanAbsoluteError(), "mae", scores(2, 3), scores(2, 3))
    yield case(M.BinaryCrossentropy(), "binaryCrossentropy", labels(2, 3), scores(3))
    yield case(M.CategoricalCrossentropy(), "categoricalCrossentropy", np.eye(3)[labels(3)], probabilities(3))
    yield case(M.SparseCategoricalCrossentropy(), "sparseCategoricalCrossentropy", labels(3), probabilities(3))
    yield case(M.MeanMetricWrapper(root_mean_squared), "rootMeanSquared", scores(3), scores(3))


def choices():
    """Which accuracy Keras means by "accuracy"."""
    shapes = [
        ([8], [8, 1]), ([8, 1], [8, 1]), ([8], [8, 10]), ([8, 1], [8, 10]), ([8, 10], [8, 10]), ([8, 5], [8, 5, 10]),
        ([8, 5, 1], [8, 5, 10]), ([8, 5, 10], [8, 5, 10]), ([8, 5], [8, 5, 1]), ([8, 5, 1], [8, 5, 1]), ([8, 2], [8, 2]),
    ]
    for target, output in shapes:
        kind = type(get_metric("accuracy", np.zeros(target), np.zeros(output))).__name__
        yield {"targetShape": target, "outputShape": output, "metric": kind[0].lower() + kind[1:]}


result = {"keras": keras.__version__, "cases": list(cases()), "accuracy": list(choices())}
TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text(json.dumps(result, indent=1) + "\n")
print(f"{TARGET}: {len(result['cases'])} cases, {TARGET.stat().st_size} bytes")
