"""Layers of other parts, of Keras in float64: Lambda, whose function stands in the config by its name, the layer of an input, Pipeline; see layer_cases.py."""

import json

import numpy as np
from layer_cases import FIXTURES, case, numbers

import keras
from keras import layers as k
from keras import ops

random = np.random.default_rng(11)
x = lambda *shape: numbers(random, shape)
named = lambda name: {"f": {"type": "CustomFunction", "config": {"name": name}}}


def through_input():
    start = keras.Input((3, 2))
    return keras.Model(start, start)


steps = [
    {"type": "Rescaling", "config": {"scale": 0.5, "offset": 1.0}},
    {"type": "ZeroPadding2D", "config": {"padding": 1}},
    {"type": "CenterCrop", "config": {"height": 4, "width": 3}},
]
cases = [
    case("Lambda", named("twiceTanh"), k.Lambda(lambda t: 2 * ops.tanh(t)), [x(3, 4)]),
    case("Lambda", {**named("rowSums"), "outputShape": []}, k.Lambda(lambda t: ops.sum(t, axis=-1)), [x(3, 4)]),
    case("Lambda", named("product"), k.Lambda(lambda both: both[0] * both[1]), [x(2, 3), x(2, 3)]),
    case("Pipeline", {"layers": steps}, k.Pipeline([k.Rescaling(0.5, offset=1.0), k.ZeroPadding2D(1), k.CenterCrop(4, 3)]), [x(2, 4, 5, 2)]),
    case("InputLayer", {"batchShape": [None, 3, 2], "dtype": "float32"}, through_input(), [x(2, 3, 2)]),
]
path = FIXTURES / "functions.json"
text = json.dumps({"keras": keras.__version__, "cases": cases}, separators=(",", ":")).replace('{"type":"Lambda"', '\n{"type":"Lambda"').replace('{"type":"Pipeline"', '\n{"type":"Pipeline"')
path.write_text(text.replace('{"type":"InputLayer"', '\n{"type":"InputLayer"') + "\n")
print(f"{path.name}: {len(cases)} cases")
