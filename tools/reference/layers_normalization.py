"""Normalizing layers of Keras in float64, and layers that act while training alone; see layer_cases.py.

SpectralNormalization writes the divided kernel into its weight, which then is what Keras differentiates by; here the same division is a part of the layer, with
constant vectors, and the output is asserted to be that of Keras' own layer. RMSNormalization fails in Keras 3.15 along any but the last dimensions.
"""

import numpy as np
import tensorflow as tf
from layer_cases import case, numbers, write

import keras
from keras import layers as k

random = np.random.default_rng(11)
x = lambda *shape: numbers(random, shape)
mask = lambda *shape: random.random(size=shape) > 0.35
moved = lambda *shape: numbers(random, shape) * 2 + 1
positive = lambda *shape: np.abs(numbers(random, shape)) + 0.5


def batch():
    new = k.BatchNormalization
    cases = []
    for training in (False, True):
        cases += [
            case("BatchNormalization", {}, new(), [moved(5, 3)], training=training),
            case("BatchNormalization", {}, new(), [moved(2, 2, 3, 4)], training=training),
            case("BatchNormalization", {"axis": 1, "momentum": 0.6}, new(1, momentum=0.6), [moved(3, 2, 4)], training=training),
            case("BatchNormalization", {"center": False, "epsilon": 0.1}, new(center=False, epsilon=0.1), [moved(4, 3)], training=training),
            case("BatchNormalization", {"scale": False}, new(scale=False), [moved(4, 3)], training=training),
            case("BatchNormalization", {"scale": False, "center": False}, new(scale=False, center=False), [moved(2, 2, 2, 1, 3)], training=training),
            case("BatchNormalization", {}, new(), [moved(3, 4, 2)], training=training, masks=[mask(3, 4)]),
        ]
    cases += [
        case("BatchNormalization", {"trainable": False}, new(trainable=False), [moved(4, 3)], training=True),
        case("BatchNormalization", {"axis": 1}, new(1), [moved(3, 4, 2)], training=True, masks=[mask(3, 4)]),
        case("BatchNormalization", {}, new(), [moved(4, 2, 3, 2)], training=True, masks=[mask(4, 2, 3)]),
    ]
    clips = {"rmax": 1.3, "rmin": 0.8, "dmax": 0.4}
    for options, given in (
        ({}, {}),
        ({"renormClipping": clips}, {"renorm_clipping": clips}),
        ({"renormClipping": {"rmax": 1.0, "dmax": 0.1}, "scale": False}, {"renorm_clipping": {"rmax": 1.0, "dmax": 0.1}, "scale": False}),
        ({"center": False, "momentum": 0.7, "renormMomentum": 0.4}, {"center": False, "momentum": 0.7, "renorm_momentum": 0.4}),
    ):
        fixed = {"moving_stddev": positive(3), "renorm_stddev": positive(3)}
        cases.append(case("BatchNormalization", {"renorm": True, **options}, new(renorm=True, **given), [moved(6, 3)], training=True, weights=fixed))
    cases.append(case("BatchNormalization", {"renorm": True}, new(renorm=True), [moved(4, 3)], weights={"moving_stddev": positive(3), "renorm_stddev": positive(3)}))
    masked = {"moving_stddev": positive(2), "renorm_stddev": positive(2)}
    cases.append(case("BatchNormalization", {"renorm": True}, new(renorm=True), [moved(3, 4, 2)], training=True, masks=[mask(3, 4)], weights=masked))
    write("batch-normalization", cases)


def normalization():
    layer, group, rms, unit = k.LayerNormalization, k.GroupNormalization, k.RMSNormalization, k.UnitNormalization
    cases = [
        case("LayerNormalization", {}, layer(), [moved(3, 5)]),
        case("LayerNormalization", {}, layer(), [moved(2, 3, 4)], masks=[mask(2, 3)]),
        case("LayerNormalization", {"axis": 1}, layer(1), [moved(2, 3, 4)]),
        case("LayerNormalization", {"axis": [1, 2]}, layer([1, 2]), [moved(2, 3, 4)]),
        case("LayerNormalization", {"axis": [-1, -3]}, layer([-1, -3]), [moved(2, 2, 3, 2)]),
        case("LayerNormalization", {"axis": [1, 3]}, layer([1, 3]), [moved(2, 2, 3, 2)]),
        case("LayerNormalization", {"epsilon": 0.1, "center": False}, layer(epsilon=0.1, center=False), [moved(3, 5)]),
        case("LayerNormalization", {"scale": False}, layer(scale=False), [moved(3, 5)]),
        case("LayerNormalization", {"scale": False, "center": False}, layer(scale=False, center=False), [moved(3, 5)]),
        case("LayerNormalization", {"rmsScaling": True}, layer(rms_scaling=True), [moved(3, 5)]),
        case("LayerNormalization", {"rmsScaling": True, "scale": False, "axis": 1}, layer(rms_scaling=True, scale=False, axis=1), [moved(2, 3, 2)]),
        case("GroupNormalization", {"groups": 2}, group(2), [moved(2, 6)]),
        case("GroupNormalization", {"groups": 2}, group(2), [moved(2, 3, 4)], masks=[mask(2, 3)]),
        case("GroupNormalization", {"groups": 3}, group(3), [moved(2, 2, 2, 6)]),
        case("GroupNormalization", {"groups": -1}, group(-1), [moved(2, 2, 3, 2)]),
        case("GroupNormalization", {"groups": 1, "epsilon": 0.05}, group(1, epsilon=0.05), [moved(2, 3, 2)]),
        case("GroupNormalization", {"groups": 2, "axis": 1}, group(2, axis=1), [moved(2, 4, 3)]),
        case("GroupNormalization", {"groups": 2, "axis": 2, "scale": False}, group(2, axis=2, scale=False), [moved(2, 2, 4, 2)]),
        case("GroupNormalization", {"groups": 2, "center": False}, group(2, center=False), [moved(2, 3, 4)]),
        case("GroupNormalization", {"groups": 4, "center": False, "scale": False}, group(4, center=False, scale=False), [moved(2, 3, 4)]),
        case("RMSNormalization", {}, rms(), [moved(3, 5)]),
        case("RMSNormalization", {"axis": 2, "epsilon": 0.1}, rms(2, 0.1), [moved(2, 3, 4)]),
        case("RMSNormalization", {"axis": [2, 3]}, rms([2, 3]), [moved(2, 2, 3, 2)]),
        case("UnitNormalization", {}, unit(), [moved(3, 5)]),
        case("UnitNormalization", {"axis": 1}, unit(1), [moved(2, 3, 4)], masks=[mask(2, 3)]),
        case("UnitNormalization", {"axis": [1, 2]}, unit([1, 2]), [moved(2, 3, 4)]),
    ]
    write("normalization", cases)


class Divided(k.SpectralNormalization):
    """Keras' layer with its division inside: of the same output in training."""

    def call(self, inputs, training=False):
        vector, kernel = self.normalized_weights()
        given = [kernel if v is self.kernel else v.value for v in self.layer.trainable_variables]
        output, _ = self.layer.stateless_call(given, [v.value for v in self.layer.non_trainable_variables], inputs)
        self.vector_u.assign(vector)
        return output


def spectral():
    cases = []
    for options, inner, size in (
        ({}, lambda: k.Dense(3, name="inner"), (4, 5)),
        ({"powerIterations": 3}, lambda: k.Dense(3, "tanh", use_bias=False, name="inner"), (2, 3, 4)),
        ({}, lambda: k.EinsumDense("abc,cde->abde", (None, 2, 3), bias_axes="e", name="inner"), (2, 3, 4)),
    ):
        iterations = options.get("powerIterations", 1)
        configs = {
            k.Dense: lambda l: {"type": "Dense", "config": {"units": l.units, "activation": l.activation.__name__, "useBias": l.use_bias, "name": "inner"}},
            k.EinsumDense: lambda l: {"type": "EinsumDense", "config": {"equation": l.equation, "outputShape": list(l.partial_output_shape), "biasAxes": l.bias_axes, "name": "inner"}},
        }
        config = configs[type(inner())](inner())
        name = lambda v: "vector_u" if v.path.endswith("vector_u") else "/".join(v.path.split("/")[-2:])
        own = Divided(inner(), power_iterations=iterations)
        found = case("SpectralNormalization", {**options, "layer": config}, own, [x(*size)], training=True, weight_name=name)
        layer = k.SpectralNormalization(inner(), power_iterations=iterations)
        given = np.array(found["inputs"][0]["values"]).reshape(size)
        layer(given)
        for variable in layer.weights:
            stored = found["weights"][name(variable)]
            variable.assign(np.array(stored["values"]).reshape(stored["shape"]))
        real = np.array(layer(given, training=True))
        assert np.allclose(real.ravel(), found["outputs"][0]["values"], 1e-7), "not Keras' output"
        cases.append(found)
    write("spectral-normalization", cases)


def regularization():
    cases = []
    for kind, options, layer, size in (
        ("Dropout", {"rate": 0.4}, k.Dropout(0.4), (2, 3)),
        ("Dropout", {"rate": 0.4, "noiseShape": [None, 1, 2], "seed": 3}, k.Dropout(0.4, (None, 1, 2), seed=3), (2, 3, 2)),
        ("SpatialDropout1D", {"rate": 0.4}, k.SpatialDropout1D(0.4), (2, 3, 2)),
        ("SpatialDropout2D", {"rate": 0.4, "seed": 1}, k.SpatialDropout2D(0.4, seed=1), (2, 2, 3, 2)),
        ("SpatialDropout3D", {"rate": 0.4}, k.SpatialDropout3D(0.4), (1, 2, 2, 3, 2)),
        ("GaussianNoise", {"stddev": 0.4}, k.GaussianNoise(0.4), (2, 3)),
        ("GaussianDropout", {"rate": 0.4, "seed": 5}, k.GaussianDropout(0.4, seed=5), (2, 3)),
        ("AlphaDropout", {"rate": 0.4}, k.AlphaDropout(0.4), (2, 3)),
        ("AlphaDropout", {"rate": 0.4, "noiseShape": [2, 1]}, k.AlphaDropout(0.4, (2, 1)), (2, 3)),
    ):
        cases.append(case(kind, options, layer, [x(*size)], masks=[mask(*size[:2])]))
    for kind, name in (("Dropout", "rate"), ("SpatialDropout1D", "rate"), ("GaussianNoise", "stddev"), ("GaussianDropout", "rate"), ("AlphaDropout", "rate")):
        cases.append(case(kind, {name: 0}, getattr(k, kind)(0.0), [x(2, 3, 2)], training=True))
    cases.append(case("Dropout", {"rate": 1}, k.Dropout(1.0), [x(2, 3)], training=True))
    cases.append(case("SpatialDropout1D", {"rate": 1}, k.SpatialDropout1D(1.0), [x(2, 3, 2)], training=True))
    write("regularization", cases)


if __name__ == "__main__":
    batch()
    normalization()
    spectral()
    regularization()
