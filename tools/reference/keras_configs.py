"""Keras' own JSON of its parts, for fixtures/keras-configs.json of core, activations, initializers and regularizers.

core: every loss, metric, optimizer and schedule, and layers that hold other parts; the conversion there and back has to change nothing.
activations: the layers that Keras saves where an activation has options, with what they make of some numbers.
initializers, regularizers: each class with and without options, beside the options of ours that have to give the same JSON.
"""

import inspect
import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from keras import constraints, initializers, layers, losses, metrics, optimizers, regularizers
from keras.saving import deserialize_keras_object, register_keras_serializable, serialize_keras_object

PACKAGES = Path(__file__).parents[2] / "packages"

# (our name, our options, Keras' object)
INITIALIZERS = [
    ("zeros", {}, initializers.Zeros()),
    ("ones", {}, initializers.Ones()),
    ("constant", {}, initializers.Constant()),
    ("constant", {"value": -0.5}, initializers.Constant(-0.5)),
    ("identity", {}, initializers.Identity()),
    ("stft", {}, initializers.STFT()),
    ("stft", {"side": "imag", "window": None, "scaling": "spectrum", "periodic": True}, initializers.STFT("imag", None, "spectrum", True)),
    ("stft", {"window": [0, 1, 0.5], "scaling": None}, initializers.STFT(window=[0, 1, 0.5], scaling=None)),
    ("orthogonal", {}, initializers.Orthogonal()),
    ("orthogonal", {"gain": 1.5, "seed": 3}, initializers.Orthogonal(gain=1.5, seed=3)),
    ("randomNormal", {}, initializers.RandomNormal()),
    ("randomNormal", {"mean": 1, "stddev": 0.25, "seed": 7}, initializers.RandomNormal(1.0, 0.25, 7)),
    ("randomUniform", {}, initializers.RandomUniform()),
    ("randomUniform", {"minval": -2, "maxval": 3, "seed": 0}, initializers.RandomUniform(-2, 3, 0)),
    ("truncatedNormal", {}, initializers.TruncatedNormal()),
    ("truncatedNormal", {"mean": -1, "stddev": 2, "seed": 1}, initializers.TruncatedNormal(-1.0, 2.0, 1)),
    ("varianceScaling", {}, initializers.VarianceScaling()),
    ("varianceScaling", {"distribution": "normal"}, initializers.VarianceScaling(distribution="normal")),
    *(
        ("varianceScaling", {"scale": 2, "mode": ours, "distribution": spread, "seed": 5}, initializers.VarianceScaling(2.0, theirs, spread_theirs, 5))
        for ours, theirs in (("fanIn", "fan_in"), ("fanOut", "fan_out"), ("fanAvg", "fan_avg"))
        for spread, spread_theirs in (("uniform", "uniform"), ("truncatedNormal", "truncated_normal"), ("untruncatedNormal", "untruncated_normal"))
    ),
    ("varianceScaling", {"inputAxes": [0], "outputAxes": [1, 2]}, initializers.VarianceScaling(input_axes=[0], output_axes=[1, 2])),
    *(
        (name, {**ours}, cls(**theirs))
        for name, cls in (
            ("glorotUniform", initializers.GlorotUniform), ("glorotNormal", initializers.GlorotNormal), ("heUniform", initializers.HeUniform),
            ("heNormal", initializers.HeNormal), ("lecunUniform", initializers.LecunUniform), ("lecunNormal", initializers.LecunNormal),
        )
        for ours, theirs in (({}, {}), ({"seed": 11, "inputAxes": [0, 1], "outputAxes": [-1]}, {"seed": 11, "input_axes": [0, 1], "output_axes": [-1]}))
    ),
]  # fmt: skip

REGULARIZERS = [
    ("l1", {}, regularizers.L1()),
    ("l1", {"l1": 0.25}, regularizers.L1(0.25)),
    ("l2", {}, regularizers.L2()),
    ("l2", {"l2": 0.3}, regularizers.L2(0.3)),
    ("l1l2", {}, regularizers.L1L2()),
    ("l1l2", {"l1": 0.125, "l2": 2}, regularizers.L1L2(0.125, 2.0)),
    ("orthogonal", {}, regularizers.OrthogonalRegularizer()),
    ("orthogonal", {"factor": 0.5, "mode": "columns"}, regularizers.OrthogonalRegularizer(0.5, "columns")),
]

CONSTRAINTS = [
    ("maxNorm", {}, constraints.MaxNorm()),
    ("maxNorm", {"maxValue": 3, "axis": [0, 1, 2]}, constraints.MaxNorm(3, [0, 1, 2])),
    ("minMaxNorm", {}, constraints.MinMaxNorm()),
    ("minMaxNorm", {"minValue": 0.5, "maxValue": 2, "rate": 0.9, "axis": -1}, constraints.MinMaxNorm(0.5, 2.0, 0.9, -1)),
    ("nonNegative", {}, constraints.NonNeg()),
    ("unitNorm", {}, constraints.UnitNorm()),
    ("unitNorm", {"axis": [0, 1]}, constraints.UnitNorm([0, 1])),
]

ACTIVATIONS = [
    layers.ReLU(name="a"), layers.ReLU(6.0, name="b"), layers.ReLU(2.0, 0.25, 0.5, name="c"), layers.LeakyReLU(name="d"), layers.LeakyReLU(0.125, name="e"),
    layers.ELU(name="f"), layers.ELU(0.5, name="g"), layers.Softmax(name="h"), layers.Softmax(0, name="i"), layers.Softmax([0, 1], name="j"),
]  # fmt: skip
POINTS = [[-3.0, -1.0, -0.25, 0.0], [0.25, 0.75, 1.5, 7.0]]

# What a class needs before it can be made.
NEEDED = {
    "MeanIoU": {"num_classes": 3}, "IoU": {"num_classes": 3, "target_class_ids": [0, 2]}, "BinaryIoU": {}, "OneHotIoU": {"num_classes": 3, "target_class_ids": [1]},
    "OneHotMeanIoU": {"num_classes": 3}, "PrecisionAtRecall": {"recall": 0.5}, "RecallAtPrecision": {"precision": 0.5},
    "SensitivityAtSpecificity": {"specificity": 0.5}, "SpecificityAtSensitivity": {"sensitivity": 0.5},
    "CosineDecay": {"initial_learning_rate": 0.1, "decay_steps": 10, "warmup_target": 0.5, "warmup_steps": 3},
    "CosineDecayRestarts": {"initial_learning_rate": 0.1, "first_decay_steps": 10}, "ExponentialDecay": {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5},
    "InverseTimeDecay": {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}, "PiecewiseConstantDecay": {"boundaries": [1, 2], "values": [1.0, 0.5, 0.25]},
    "PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 10},
}  # fmt: skip
# Bases, wrappers of functions, and what other numbers make sense of.
LEFT_OUT = {"Loss", "Metric", "Optimizer", "LearningRateSchedule", "LossScaleOptimizer", "MultiOptimizer", "OptimizerMap", "MeanMetricWrapper"}


def every(module):
    for name, cls in inspect.getmembers(module, inspect.isclass):
        if cls.__name__ == name and name not in LEFT_OUT:
            yield cls(**NEEDED.get(name, {}))


def holders():
    schedule = optimizers.schedules.ExponentialDecay(0.1, 100, 0.9, staircase=True)
    yield optimizers.SGD(schedule, momentum=0.9, nesterov=True, clipnorm=1.0)
    yield optimizers.LossScaleOptimizer(optimizers.Adam(beta_1=0.8, epsilon=1e-6, name="inner"))
    parts = {"kernel_initializer": initializers.HeNormal(seed=2), "bias_initializer": initializers.Constant(0.5), "kernel_regularizer": regularizers.L2(0.1)}
    yield layers.Dense(3, "leaky_relu", name="d", **parts, bias_constraint=constraints.MaxNorm(1), activity_regularizer=regularizers.L1(0.25))
    yield layers.Dense(3, layers.LeakyReLU(0.1, name="leaky"), name="e", dtype="mixed_bfloat16")
    yield layers.Conv2D(4, (3, 2), activation="log_softmax", name="c", **parts)
    yield layers.LSTM(4, name="l", recurrent_activation="hard_sigmoid", recurrent_initializer=initializers.GlorotUniform(keras.random.SeedGenerator(3, name="g")))
    yield layers.Bidirectional(layers.GRU(2, name="g"), name="b")
    yield layers.RNN([layers.GRUCell(2, name="c1"), layers.GRUCell(3, name="c2")], name="r")
    yield layers.RandomFlip("horizontal_and_vertical", seed=1, name="f", data_format="channels_last")
    yield layers.CategoryEncoding(3, "multi_hot", name="m")
    yield layers.StringLookup(vocabulary=["a", "b_c", "Keras"], output_mode="tf_idf", idf_weights=[1.0, 0.5, 0.25], name="s")
    yield layers.Normalization(mean=[1.0, 2.0], variance=[4.0, 9.0], name="n")


@register_keras_serializable(package="gradstream")
class KlSparsity(regularizers.Regularizer):
    def __init__(self, target=0.05, factor=0.01):
        self.target, self.factor = target, factor

    def get_config(self):
        return {"target": self.target, "factor": self.factor}


def plain(value):
    """What JSON makes of it: tuples are lists, NumPy's numbers numbers."""
    return json.loads(json.dumps(value, default=lambda one: one.item()))


def serialized(part):
    value = plain(serialize_keras_object(part))
    # The names of layers and the shapes they saw are for the model around them.
    return {key: one for key, one in value.items() if key not in ("name", "build_config")}


def rows(cases):
    return [{"name": name, "options": options, "json": serialized(part)} for name, options, part in cases]


def write(package, sections):
    out = PACKAGES / package / "fixtures" / "keras-configs.json"
    out.parent.mkdir(exist_ok=True)
    text = [f'"keras": {json.dumps(keras.__version__)}']
    for name, section in sections.items():
        text.append(f'"{name}": [\n' + ",\n".join(json.dumps(row, separators=(",", ":")) for row in section) + "\n]")
    out.write_text("{\n" + ",\n".join(text) + "\n}\n")
    print(f"{out.relative_to(PACKAGES.parent)}: {out.stat().st_size} bytes, {[len(section) for section in sections.values()]} cases")


def main():
    parts = {
        "losses": [serialized(one) for one in every(losses)],
        "metrics": [serialized(one) for one in every(metrics)],
        "optimizers": [serialized(one) for one in every(optimizers)],
        "schedules": [serialized(one) for one in every(optimizers.schedules)],
        "holders": [serialized(one) for one in holders()],
    }
    arrays = [np.float32([[1, 2], [3, 4]]), keras.ops.convert_to_tensor([0.5, -1.0])]
    custom = serialized(KlSparsity(0.1, 2.0))
    # Keras makes ours again from what the conversion writes: the module is ours, not this script's.
    again = deserialize_keras_object({**custom, "module": "gradstream"})
    assert isinstance(again, KlSparsity) and again.get_config() == {"target": 0.1, "factor": 2.0}
    assert initializers.deserialize({"module": "keras.initializers", "class_name": "Identity", "config": {"gain": 2.0}, "registered_name": None}).gain == 2.0
    write("core", {**parts, "custom": [custom], "arrays": [serialized(initializers.Constant(array)) for array in arrays]})
    inside = [serialized(layers.Dense(1, part))["config"]["activation"] for part in ACTIVATIONS]
    outputs = [np.asarray(part(np.float32(POINTS))).ravel().tolist() for part in ACTIVATIONS]
    write("activations", {"activations": [{"json": json_, "x": POINTS, "y": y} for json_, y in zip(inside, outputs)]})
    write("initializers", {"initializers": rows(INITIALIZERS)})
    write("regularizers", {"regularizers": rows(REGULARIZERS), "constraints": rows(CONSTRAINTS)})


main()
