"""Values, gradients and reductions of all of Keras' losses, for packages/objectives/fixtures/loss-*.json.

Keras itself runs in true float64: on JAX, with the table that turns float64 into float32 emptied. Gradients are JAX's. Each case has the values that the
loss gives before any reduction and the gradient of their mean, unweighted, with respect to the predictions. Reductions are those of the loss
called with sample weights, and with a Keras mask on the predictions. One case is computed in float32, where the clip at 1 - 1e-7 decides.
Exactly at a kink and at the ends of a clip Keras' gradient is a matter of its backend; the inputs lie beside them. Numbers have ten digits.
Needs jax (0.10.2) beside requirements.txt; takes some minutes. Run: python tools/reference/losses.py
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import keras
import numpy as np
from keras.src import backend, losses
from keras.src.backend.common import dtypes

dtypes.BIT64_TO_BIT32_DTYPE.update({name: name for name in dtypes.BIT64_TO_BIT32_DTYPE})
keras.config.set_floatx("float64")

FIXTURES = Path(__file__).parents[2] / "packages/objectives/fixtures"
random = np.random.default_rng(7)


def snake(name):
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


def make(kind, options, **more):
    return getattr(keras.losses, kind)(**{snake(key): value for key, value in options.items()}, **more)


def digits(x):
    return [float(f"{value:.10g}") for value in np.ravel(np.asarray(x, "float64"))]


def numbers(x):
    x = np.float32(x)
    return {"shape": list(x.shape), "values": [float(f"{v:.9g}") for v in np.ravel(x)]}


def exact(x):
    return jnp.array(np.float32(x).astype("float64"))


def case(kind, y, p, options=None, gradient=True, precision="float64"):
    options = options or {}
    loss = make(kind, options)
    yt, pt = exact(y).astype(precision), exact(p).astype(precision)
    values, slopes = loss.call(yt, pt), jax.grad(lambda q: jnp.mean(loss.call(yt, q)))(pt)
    assert values.dtype == precision and slopes.dtype == precision
    assert np.isfinite(values).all() and (not gradient or np.isfinite(slopes).all()), (kind, options)
    return {
        "type": kind,
        "options": options,
        "yTrue": numbers(y),
        "yPred": numbers(p),
        "shape": list(values.shape),
        "values": digits(values),
        "gradient": digits(slopes) if gradient else None,
    }


REDUCTIONS = ("sum_over_batch_size", "sum", "none", "mean_with_sample_weight")


def reductions(kind, y, p, options=None, weights=(), mask=None):
    """All reductions of one example with each weight, with and without the mask."""
    options = options or {}
    rows = []
    for reduction in REDUCTIONS:
        loss = make(kind, options, reduction=reduction)
        for index, weight in enumerate([None, *weights]):
            for use_mask in [False, True] if mask is not None else [False]:

                def reduced(q):
                    if use_mask:
                        backend.set_keras_mask(q, jnp.array(mask))
                    return loss(exact(y), q, None if weight is None else exact(weight))

                value = reduced(exact(p))
                row = {"reduction": reduction, "weight": index - 1, "mask": use_mask, "shape": list(value.shape), "value": digits(value)}
                # The gradient where nothing, or everything, is weighed; of the other rows the values say enough.
                if value.shape == () and index in (0, 1) and use_mask == (index == 1 and mask is not None):
                    row["gradient"] = digits(jax.grad(reduced)(exact(p)))
                rows.append(row)
    return {
        "type": kind,
        "options": options,
        "yTrue": numbers(y),
        "yPred": numbers(p),
        "weights": [numbers(weight) for weight in weights],
        "mask": None if mask is None else numbers(mask),
        "rows": rows,
    }


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def normal(*shape, spread=3.0):
    return np.round(random.normal(size=shape) * spread, 3)


def one_hot(labels, classes, axis=-1):
    return np.moveaxis(np.eye(classes)[labels], -1, axis)


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


LABELS = np.array([2, 0, 3, 1, 1])
SEQUENCE = np.array([[0, 2, 1], [1, 1, 0]])
# Probabilities at 0 and 1, and the ends of the clip are crossed.
EXTREME = [[0.0, 1.0, 0.0], [0.5, 0.5, 0.0], [0.2, 0.0, 0.8]]
HUGE = [[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4], [3.0, -2e4, 2e4]]
YES = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.25, 1.0, 0.75]])
FLAGS = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0]])
COLUMN = [[0.1], [0.2], [0.9], [0.7]]
MASK = np.array([[[1, 0, 1], [1, 1, 0]], [[0, 0, 1], [1, 0, 1]]], dtype=float)


def crossentropies():
    name = "CategoricalCrossentropy"
    yield case(name, one_hot(LABELS, 4), softmax(normal(5, 4)))
    yield case(name, one_hot(LABELS, 4), 3 * softmax(normal(5, 4)))
    yield case(name, softmax(normal(5, 4)), softmax(normal(5, 4)))
    yield case(name, one_hot(LABELS, 4), softmax(normal(5, 4)), {"labelSmoothing": 0.1})
    yield case(name, one_hot(SEQUENCE, 3), softmax(normal(2, 3, 3)))
    yield case(name, one_hot([0, 1, 2], 3), EXTREME)
    yield case(name, one_hot([1, 0, 1], 3), EXTREME)
    yield case(name, one_hot(LABELS, 4), normal(5, 4), {"fromLogits": True})
    yield case(name, one_hot(LABELS, 4), normal(5, 4, spread=40), {"fromLogits": True, "labelSmoothing": 0.2})
    yield case(name, one_hot(SEQUENCE, 3), normal(2, 3, 3), {"fromLogits": True})
    yield case(name, one_hot([0, 0, 1], 3), HUGE, {"fromLogits": True})
    yield case(name, one_hot(SEQUENCE, 3, 1), softmax(normal(2, 3, 3), 1), {"axis": 1})
    yield case(name, one_hot(SEQUENCE, 4, 1), softmax(normal(2, 4, 3), 1), {"axis": 1})
    yield case(name, one_hot(SEQUENCE, 4, 1), normal(2, 4, 3), {"axis": -2, "fromLogits": True})
    yield case(name, one_hot(SEQUENCE, 3, 1), normal(2, 3, 3), {"axis": 1, "fromLogits": True, "labelSmoothing": 0.3})

    name = "SparseCategoricalCrossentropy"
    yield case(name, LABELS, softmax(normal(5, 4)))
    yield case(name, LABELS[:, None], softmax(normal(5, 4)))
    yield case(name, LABELS, 3 * softmax(normal(5, 4)))
    yield case(name, SEQUENCE, softmax(normal(2, 3, 3)))
    yield case(name, SEQUENCE[..., None], softmax(normal(2, 3, 3)))
    yield case(name, [0, 1, 2], EXTREME)
    yield case(name, LABELS, normal(5, 4), {"fromLogits": True})
    yield case(name, SEQUENCE, normal(2, 3, 3, spread=40), {"fromLogits": True})
    yield case(name, [0, 0, 1], HUGE, {"fromLogits": True})
    yield case(name, [2, 255, 3, 1, 255], softmax(normal(5, 4)), {"ignoreClass": 255})
    yield case(name, [2, -1, 3, 1, 1], normal(5, 4), {"ignoreClass": -1, "fromLogits": True})
    yield case(name, SEQUENCE, normal(2, 3, 3), {"ignoreClass": 1, "fromLogits": True})
    yield case(name, SEQUENCE, softmax(normal(2, 3, 3), 1), {"axis": 1})
    yield case(name, SEQUENCE, normal(2, 3, 3), {"axis": 1, "fromLogits": True, "ignoreClass": 0})

    name = "BinaryCrossentropy"
    yield case(name, YES, sigmoid(normal(3, 3)))
    yield case(name, [0, 1, 1, 0], COLUMN)
    yield case(name, [[0], [1], [1], [0]], COLUMN)
    yield case(name, YES, sigmoid(normal(3, 3)), {"labelSmoothing": 0.3})
    yield case(name, YES, normal(3, 3), {"fromLogits": True})
    yield case(name, YES, normal(3, 3, spread=30), {"fromLogits": True})
    yield case(name, YES, HUGE, {"fromLogits": True})
    # 1 - (1 - 1e-7) is 1.19e-7 in float32, which is what Keras' users get.
    yield case(name, YES, EXTREME, precision="float32")
    yield case(name, YES[:, :2, None], normal(3, 2, 1), {"fromLogits": True, "labelSmoothing": 0.3})
    yield case(name, MASK, sigmoid(normal(2, 2, 3)), {"axis": 1})
    yield case(name, MASK, normal(2, 2, 3), {"axis": 0, "fromLogits": True})


def focal():
    name = "BinaryFocalCrossentropy"
    yield case(name, YES, sigmoid(normal(3, 3)))
    yield case(name, [0, 1, 1, 0], COLUMN, {"gamma": 3.0, "alpha": 0.4, "applyClassBalancing": True})
    yield case(name, YES, sigmoid(normal(3, 3)), {"gamma": 0.5, "labelSmoothing": 0.2})
    yield case(name, YES, sigmoid(normal(3, 3)), {"gamma": 0.0, "applyClassBalancing": True})
    yield case(name, FLAGS, [[0.0, 1.0, 1.0], [1.0, 0.0, 0.0], [1.0, 0.5, 0.0]])
    yield case(name, YES, normal(3, 3), {"fromLogits": True})
    yield case(name, YES, normal(3, 3), {"fromLogits": True, "applyClassBalancing": True, "labelSmoothing": 0.1, "gamma": 1.5})
    yield case(name, YES, HUGE, {"fromLogits": True})
    yield case(name, MASK, sigmoid(normal(2, 2, 3)), {"axis": 1})

    name = "CategoricalFocalCrossentropy"
    yield case(name, one_hot(LABELS, 4), softmax(normal(5, 4)))
    yield case(name, one_hot(LABELS, 4), 3 * softmax(normal(5, 4)), {"gamma": 1.5, "alpha": 0.7})
    yield case(name, one_hot(LABELS, 4), softmax(normal(5, 4)), {"alpha": [0.1, 0.2, 0.3, 0.4], "gamma": 0.5, "labelSmoothing": 0.2})
    yield case(name, one_hot(LABELS, 4), softmax(normal(5, 4)), {"gamma": 0.0})
    yield case(name, one_hot([1, 0, 1], 3), EXTREME)
    yield case(name, one_hot(LABELS, 4), normal(5, 4), {"fromLogits": True})
    yield case(name, one_hot(SEQUENCE, 3), normal(2, 3, 3), {"fromLogits": True, "labelSmoothing": 0.1})
    yield case(name, one_hot([0, 0, 1], 3), HUGE, {"fromLogits": True})
    yield case(name, one_hot(SEQUENCE, 4, 1), softmax(normal(2, 4, 3), 1), {"axis": 1})
    yield case(name, one_hot(SEQUENCE, 4, 1), normal(2, 4, 3), {"axis": 1, "fromLogits": True})

    name = "CategoricalGeneralizedCrossEntropy"
    yield case(name, LABELS, softmax(normal(5, 4)))
    yield case(name, LABELS, softmax(normal(5, 4)), {"q": 0.1})
    yield case(name, SEQUENCE, softmax(normal(2, 3, 3)), {"q": 0.9})
    yield case(name, [1, 2, 1], EXTREME, gradient=False)

    name = "KLDivergence"
    yield case(name, softmax(normal(5, 4)), softmax(normal(5, 4)))
    yield case(name, one_hot(SEQUENCE, 3), softmax(normal(2, 3, 3)))
    yield case(name, one_hot([1, 0, 1], 3), [[0.0, 0.9, 0.1], [0.5, 0.5, 0.0], [0.2, 0.0, 1.2]])

    name = "Poisson"
    yield case(name, np.abs(normal(4, 3)).round(), np.abs(normal(4, 3)) + 0.01)
    yield case(name, [0, 3, 1, 7], np.abs(normal(4, 1)) + 0.01)
    yield case(name, [[0.0, 2.0]], [[0.0, 0.0]])


def regressions():
    for name in (
        "MeanSquaredError",
        "MeanAbsoluteError",
        "MeanAbsolutePercentageError",
        "MeanSquaredLogarithmicError",
        "Huber",
        "LogCosh",
    ):
        targets = (lambda x: np.abs(x)) if name == "MeanSquaredLogarithmicError" else (lambda x: x)
        yield case(name, targets(normal(4, 3)), normal(4, 3))
        yield case(name, targets(normal(4)), normal(4, 1))
        yield case(name, targets(normal(4, 1)), normal(4, 1))
        yield case(name, targets(normal(2, 3, 2)), normal(2, 3, 2))
        yield case(name, targets(normal(2, 3, spread=1e3)), normal(2, 3, spread=1e3))
    yield case("MeanAbsoluteError", [[1.0, 2.0]], [[1.0, 3.0]], gradient=False)
    yield case("MeanAbsolutePercentageError", [[0.0, 2.0]], [[1.0, 3.0]])
    yield case("MeanSquaredLogarithmicError", [[0.0, 2.0]], [[3.0, -1.0]])
    yield case("Huber", normal(4, 3), normal(4, 3), {"delta": 0.3})
    yield case("Huber", normal(4, 3), normal(4, 3), {"delta": 4.0})
    yield case("LogCosh", [[0.0, 0.0, 1.0]], [[1e-3, -0.02, 1.25]])


def margins():
    signs = np.sign(normal(4, 3))
    for name in ("Hinge", "SquaredHinge"):
        yield case(name, signs, normal(4, 3, spread=1.0))
        yield case(name, FLAGS, normal(3, 3, spread=1.0))
        yield case(name, np.ones((2, 2)), normal(2, 2, spread=1.0))
        yield case(name, [1, -1, -1, 1], normal(4, 1, spread=1.0))
        yield case(name, MASK, normal(2, 2, 3, spread=1.0))
    name = "CategoricalHinge"
    yield case(name, one_hot(LABELS, 4), normal(5, 4, spread=1.0))
    yield case(name, one_hot(SEQUENCE, 3), normal(2, 3, 3, spread=1.0))
    yield case(name, 2 * one_hot(LABELS, 4) - 1, normal(5, 4, spread=1.0))
    yield case(name, one_hot([0, 1], 3), [[0.5, 0.25, 0.25], [9.0, 1.0, 0.0]])
    name = "CosineSimilarity"
    yield case(name, normal(4, 3), normal(4, 3))
    yield case(name, normal(2, 3, 2), normal(2, 3, 2))
    yield case(name, normal(2, 3, 2), normal(2, 3, 2), {"axis": 1})
    yield case(name, normal(4, 3), normal(4, 3), {"axis": 0})
    yield case(name, [[0.0, 0.0], [1.0, 2.0]], [[1.0, 2.0], [1e-8, 2e-8]])
    yield case(name, [[1.0, 0.0], [1.0, 2.0]], [[0.0, 0.0], [3.0, 1.0]], gradient=False)


def structures():
    probabilities = lambda: sigmoid(normal(2, 2, 3))
    for name, options in (("Dice", {}), ("Tversky", {}), ("Tversky", {"alpha": 0.2, "beta": 0.9})):
        yield case(name, MASK, probabilities(), options)
        yield case(name, MASK, probabilities(), {**options, "axis": 1})
        yield case(name, MASK, probabilities(), {**options, "axis": [1, 2]})
        yield case(name, MASK, probabilities(), {**options, "axis": [-1]})
        yield case(name, np.zeros((1, 2, 2)), np.zeros((1, 2, 2)) + 0.25, options)
    yield case("Dice", FLAGS, [[0.0, 1.0, 1.0], [1.0, 0.0, 0.0], [1.0, 0.5, 0.0]], {"axis": -1})
    name = "Circle"
    embeddings = lambda n: unit(normal(n, 4))
    yield case(name, [0, 1, 0, 1, 2, 2], embeddings(6))
    yield case(name, [[0], [1], [0], [1]], embeddings(4), {"gamma": 32.0, "margin": 0.25})
    yield case(name, [0, 1, 0, 1, 2, 2], embeddings(6), {"gamma": 2.0, "removeDiagonal": False})
    yield case(name, [7, -3, 7, 5], embeddings(4), {"gamma": 4.0})
    # Farther than 1 + margin, where the far ones weigh nothing.
    yield case(name, [0, 1, 1, 0], [[1.0, 0.0], [-1.0, 0.125], [-0.75, -0.5], [0.5, 0.5]], {"gamma": 4.0, "margin": 0.1})
    name = "CTC"
    yield case(name, [[1, 2]], normal(1, 4, 3, spread=1.0))
    yield case(name, [[1, 1, 2], [3, 0, 0], [2, 3, 0]], normal(3, 6, 4, spread=1.0))
    yield case(name, [[2, 2, 2], [1, 2, 1]], normal(2, 5, 3, spread=2.0))
    yield case(name, [[0, 0], [1, 0]], normal(2, 3, 3))
    yield case(name, [[1, 2]], normal(1, 2, 3))
    yield case(name, [[3, 1, 4, 1, 0], [2, 2, 2, 2, 2]], normal(2, 12, 5, spread=4.0))


PLAIN = {
    "BinaryCrossentropy": (FLAGS, lambda: sigmoid(normal(3, 3)), {"labelSmoothing": 0.1}),
    "BinaryFocalCrossentropy": (FLAGS, lambda: normal(3, 3), {"fromLogits": True}),
    "CategoricalCrossentropy": (one_hot([2, 0, 1], 3), lambda: softmax(normal(3, 3)), {}),
    "CategoricalFocalCrossentropy": (one_hot([2, 0, 1], 3), lambda: softmax(normal(3, 3)), {}),
    "CategoricalGeneralizedCrossEntropy": (np.array([2, 0, 1]), lambda: softmax(normal(3, 3)), {}),
    "CategoricalHinge": (one_hot([2, 0, 1], 3), lambda: normal(3, 3, spread=1.0), {}),
    "Circle": (np.array([1, 1, 2, 2]), lambda: unit(normal(4, 3)), {"gamma": 4.0}),
    "CosineSimilarity": (FLAGS, lambda: normal(3, 3), {}),
    "CTC": (np.array([[1, 2], [1, 0], [2, 2]]), lambda: normal(3, 4, 3), {}),
    "Dice": (FLAGS, lambda: sigmoid(normal(3, 3)), {"axis": 1}),
    "Hinge": (FLAGS, lambda: normal(3, 3), {}),
    "Huber": (FLAGS, lambda: normal(3, 3), {}),
    "KLDivergence": (softmax(normal(3, 3)), lambda: softmax(normal(3, 3)), {}),
    "LogCosh": (FLAGS, lambda: normal(3, 3), {}),
    "MeanAbsoluteError": (FLAGS, lambda: normal(3, 3), {}),
    "MeanAbsolutePercentageError": (FLAGS + 1, lambda: normal(3, 3), {}),
    "MeanSquaredError": (FLAGS, lambda: normal(3, 3), {}),
    "MeanSquaredLogarithmicError": (FLAGS, lambda: np.abs(normal(3, 3)), {}),
    "Poisson": (FLAGS, lambda: np.abs(normal(3, 3)) + 0.1, {}),
    "SparseCategoricalCrossentropy": (np.array([2, 0, 1]), lambda: normal(3, 3), {"fromLogits": True}),
    "SquaredHinge": (FLAGS, lambda: normal(3, 3), {}),
    "Tversky": (FLAGS, lambda: sigmoid(normal(3, 3)), {"axis": 1, "alpha": 0.3}),
}


def plain_reductions():
    """One value a sample: a weight a sample, the same as a column, one for all."""
    for kind, (y, p, options) in PLAIN.items():
        n = len(y)
        weight = np.array([0.5, 2.0, 3.25, 0.75])[:n]
        yield reductions(kind, y, p(), options, [weight, weight[:, None], np.float64(2.5)], np.array([True, False, True, True])[:n])


def special_reductions():
    """Values with more axes, values with one, losses that leave values out themselves, weights and masks of 0."""
    steps = np.array([[0.5, 2.0, 3.25], [0.75, 0.0, 1.5]])
    mask = np.array([[True, False, True], [True, True, False]])
    yield reductions("MeanSquaredError", normal(2, 3, 2), normal(2, 3, 2), {}, [steps, steps[..., None], steps[:, :1]], mask)
    yield reductions("MeanAbsoluteError", normal(3, 1), normal(3, 1), {}, [[0.5, 2.0, 0.25], [[0.5], [2.0], [0.25]]], [True, False, True])
    yield reductions("MeanAbsoluteError", normal(3), normal(3, 1), {}, [[0.0, 0.0, 0.0]], [False, False, False])
    yield reductions("Dice", FLAGS, sigmoid(normal(3, 3)), {}, [[0.5, 2.0, 0.25], np.float64(3)])
    yield reductions("Tversky", MASK, sigmoid(normal(2, 2, 3)), {"axis": [1, 2]}, [[0.5, 2.0]], [True, False])
    ignore = {"ignoreClass": 255, "fromLogits": True}
    yield reductions("SparseCategoricalCrossentropy", [2, 255, 1, 0], normal(4, 3), ignore, [[0.5, 2.0, 0.25, 1.0]], [True, True, False, True])
    yield reductions("SparseCategoricalCrossentropy", [[2, 255, 1], [255, 0, 1]], normal(2, 3, 3), ignore, [steps], mask)
    yield reductions("SparseCategoricalCrossentropy", [255, 255], softmax(normal(2, 3)), {"ignoreClass": 255}, [[0.5, 2.0]])
    # A sample without another of its label has the loss 0 and is not counted.
    yield reductions("Circle", [1, 1, 2], unit(normal(3, 3)), {"gamma": 4.0}, [[0.5, 2.0, 0.25]])


def configs():
    """What Keras writes for its losses, with default and other options."""
    other = {
        "BinaryCrossentropy": {"from_logits": True, "label_smoothing": 0.1, "axis": 1},
        "BinaryFocalCrossentropy": {"apply_class_balancing": True, "alpha": 0.5, "gamma": 3.0, "from_logits": True},
        "CategoricalCrossentropy": {"from_logits": True, "label_smoothing": 0.1, "axis": 1},
        "CategoricalFocalCrossentropy": {"alpha": [0.5, 0.25], "gamma": 3.0, "label_smoothing": 0.1},
        "CategoricalGeneralizedCrossEntropy": {"q": 0.75},
        "Circle": {"gamma": 64.0, "margin": 0.25, "remove_diagonal": False},
        "Dice": {"axis": [1, 2]},
        "SparseCategoricalCrossentropy": {"from_logits": True, "ignore_class": 255},
        "Tversky": {"alpha": 0.25, "beta": 0.75, "axis": [1, 2]},
    }
    for kind in PLAIN:
        yield keras.losses.serialize(getattr(keras.losses, kind)())
        yield keras.losses.serialize(getattr(keras.losses, kind)(name="own", reduction="mean_with_sample_weight", **other.get(kind, {})))


def write(name, content):
    target = FIXTURES / f"loss-{name}.json"
    rows = {key: rows if isinstance(rows, str) else [json.dumps(row) for row in rows] for key, rows in content.items()}
    body = [
        f' "{key}": ' + (json.dumps(value) if isinstance(value, str) else "[\n  " + ",\n  ".join(value) + "\n ]") for key, value in rows.items()
    ]
    target.write_text("{\n" + ",\n".join(body) + "\n}\n")
    print(f"{target}: {target.stat().st_size} bytes")


version = keras.__version__
for name, cases in {
    "crossentropies": crossentropies,
    "focal": focal,
    "regressions": regressions,
    "margins": margins,
    "structures": structures,
}.items():
    write(name, {"keras": version, "cases": list(cases())})
plain = list(plain_reductions())
for part, index in (("a-h", slice(0, 11)), ("h-z", slice(11, None))):
    write(f"reductions-{part}", {"keras": version, "cases": plain[index]})
write("reductions-special", {"keras": version, "cases": list(special_reductions())})
write(
    "names",
    {
        "keras": version,
        "exports": [name for name in dir(keras.losses) if not name.startswith("_")],
        "spellings": sorted(losses.ALL_OBJECTS_DICT),
        "configs": list(configs()),
    },
)
