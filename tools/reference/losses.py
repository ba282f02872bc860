"""Values and gradients of Keras' losses, for packages/objectives/fixtures/losses.json.

The formulas are those of Keras' backends other than TensorFlow, written out below: TensorFlow's own path looks for the logits behind a softmax
or sigmoid, and normalizes sparse targets' probabilities after clipping them. Each value is compared with Keras' own function, on constants
that have no logits behind them. Gradients are of the mean over all values, by tf.GradientTape on the same formulas. Everything is float64,
except cases of probabilities at 0 and 1: there float32 itself decides, and they are computed in it.
Run: python tools/reference/losses.py
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf

TARGET = Path(__file__).parents[2] / "packages/objectives/fixtures/losses.json"
EPSILON = 1e-7
random = np.random.default_rng(7)


def clip(p):
    return tf.clip_by_value(p, tf.constant(EPSILON, p.dtype), tf.constant(1 - EPSILON, p.dtype))


def categorical(y, p, fromLogits=False, labelSmoothing=0.0):
    y = y * (1 - labelSmoothing) + labelSmoothing / p.shape[-1]
    if fromLogits:
        log_p = tf.nn.log_softmax(p, axis=-1)
    else:
        log_p = tf.math.log(clip(p / tf.reduce_sum(p, axis=-1, keepdims=True)))
    return -tf.reduce_sum(y * log_p, axis=-1)


def sparse(y, p, fromLogits=False):
    labels = tf.cast(y, tf.int32)
    if len(labels.shape) == len(p.shape):
        labels = tf.squeeze(labels, -1)
    return categorical(tf.one_hot(labels, p.shape[-1], dtype=p.dtype), p, fromLogits)


def binary(y, p, fromLogits=False, labelSmoothing=0.0):
    y = tf.reshape(y, p.shape) * (1 - labelSmoothing) + 0.5 * labelSmoothing
    if fromLogits:
        values = -y * tf.math.log_sigmoid(p) - (1 - y) * tf.math.log_sigmoid(-p)
    else:
        p = clip(p)
        values = -(y * tf.math.log(p) + (1 - y) * tf.math.log(1 - p))
    return tf.reduce_mean(values, axis=-1)


def squared(y, p):
    return tf.reduce_mean(tf.square(tf.reshape(y, p.shape) - p), axis=-1)


def absolute(y, p):
    return tf.reduce_mean(tf.abs(tf.reshape(y, p.shape) - p), axis=-1)


FORMULAS = {
    "categoricalCrossentropy": (categorical, keras.losses.categorical_crossentropy),
    "sparseCategoricalCrossentropy": (sparse, keras.losses.sparse_categorical_crossentropy),
    "binaryCrossentropy": (binary, keras.losses.binary_crossentropy),
    "meanSquaredError": (squared, keras.losses.mean_squared_error),
    "meanAbsoluteError": (absolute, keras.losses.mean_absolute_error),
}
KERAS_NAMES = {"fromLogits": "from_logits", "labelSmoothing": "label_smoothing"}


def case(name, y, p, options=None, precision="float64", same_as_keras=True):
    options = options or {}
    formula, keras_function = FORMULAS[name]
    y32, p32 = np.float32(y), np.float32(p)
    yt, pt = tf.constant(y32.astype(precision)), tf.Variable(p32.astype(precision))
    with tf.GradientTape() as tape:
        values = formula(yt, pt, **options)
        mean = tf.reduce_mean(values)
    gradient = tape.gradient(mean, pt)
    if same_as_keras:
        # Keras squeezes an output [n, 1] for targets [n] by itself only in its classes; here both get the output's shape.
        ky = yt if name.startswith("sparse") else tf.reshape(yt, pt.shape)
        received = keras_function(ky, tf.constant(pt.numpy()), **{KERAS_NAMES[key]: value for key, value in options.items()})
        np.testing.assert_allclose(np.ravel(received), np.ravel(values), rtol=2e-6, atol=1e-12)
    return {
        "loss": name,
        "options": options,
        "yTrue": {"shape": list(y32.shape), "values": np.ravel(y32).tolist()},
        "yPred": {"shape": list(p32.shape), "values": np.ravel(p32).tolist()},
        "values": np.ravel(values).tolist(),
        "gradient": np.ravel(gradient).tolist(),
    }


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def logits(*shape, spread=3.0):
    return np.round(random.normal(size=shape) * spread, 3)


def one_hot(labels, classes):
    return np.eye(classes)[labels]


LABELS = np.array([2, 0, 3, 1, 1])
SEQUENCE = np.array([[0, 2, 1], [1, 1, 0]])
EXTREME = [[0.0, 1.0, 0.0], [0.5, 0.5, 0.0], [0.2, 0.0, 0.8]]
YES = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.25, 1.0, 0.75]])


def cases():
    name = "categoricalCrossentropy"
    yield case(name, one_hot(LABELS, 4), softmax(logits(5, 4)))
    yield case(name, one_hot(LABELS, 4), 3 * softmax(logits(5, 4)))
    yield case(name, softmax(logits(5, 4)), softmax(logits(5, 4)))
    yield case(name, one_hot(LABELS, 4), softmax(logits(5, 4)), {"labelSmoothing": 0.1})
    yield case(name, one_hot(SEQUENCE, 3), softmax(logits(2, 3, 3)))
    yield case(name, one_hot([0, 1, 2], 3), EXTREME, precision="float32")
    yield case(name, one_hot(LABELS, 4), logits(5, 4), {"fromLogits": True})
    yield case(name, one_hot(LABELS, 4), logits(5, 4, spread=40), {"fromLogits": True, "labelSmoothing": 0.2})
    yield case(name, one_hot(SEQUENCE, 3), logits(2, 3, 3), {"fromLogits": True})

    name = "sparseCategoricalCrossentropy"
    yield case(name, LABELS, softmax(logits(5, 4)))
    yield case(name, LABELS[:, None], softmax(logits(5, 4)))
    yield case(name, LABELS, 3 * softmax(logits(5, 4)), same_as_keras=False)
    yield case(name, SEQUENCE, softmax(logits(2, 3, 3)))
    yield case(name, SEQUENCE[..., None], softmax(logits(2, 3, 3)))
    yield case(name, [0, 1, 2], EXTREME, precision="float32", same_as_keras=False)
    yield case(name, LABELS, logits(5, 4), {"fromLogits": True})
    yield case(name, SEQUENCE, logits(2, 3, 3, spread=40), {"fromLogits": True})

    name = "binaryCrossentropy"
    yield case(name, YES, 1 / (1 + np.exp(-logits(3, 3))))
    yield case(name, [0, 1, 1, 0], [[0.1], [0.2], [0.9], [0.7]])
    yield case(name, [[0], [1], [1], [0]], [[0.1], [0.2], [0.9], [0.7]])
    yield case(name, YES, 1 / (1 + np.exp(-logits(3, 3))), {"labelSmoothing": 0.3})
    yield case(name, YES, EXTREME, precision="float32")
    yield case(name, YES, logits(3, 3), {"fromLogits": True})
    yield case(name, YES, logits(3, 3, spread=30), {"fromLogits": True})
    yield case(name, YES[:, :2, None], logits(3, 2, 1), {"fromLogits": True, "labelSmoothing": 0.3})

    for name in ("meanSquaredError", "meanAbsoluteError"):
        yield case(name, logits(4, 3), logits(4, 3))
        yield case(name, logits(4), logits(4, 1))
        yield case(name, logits(4, 1), logits(4, 1))
        yield case(name, logits(2, 3, 2), logits(2, 3, 2))
    yield case("meanAbsoluteError", [[1.0, 2.0]], [[1.0, 3.0]])


result = {"keras": keras.__version__, "cases": list(cases())}
TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text(json.dumps(result, indent=1) + "\n")
print(f"{TARGET}: {len(result['cases'])} cases, {TARGET.stat().st_size} bytes")
