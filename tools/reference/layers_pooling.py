"""Pooling layers of Keras in float64 over grids of windows, strides, paddings and sizes; see layer_cases.py.

Needs jax beside requirements.txt: TensorFlow has no gradient of the largest elements of volumes in float64 on a CPU. The inputs are different numbers, so that
no maximum is taken twice.
"""

from itertools import product

import layer_cases_jax as jax_cases
import numpy as np
from layer_cases import write

from keras import layers as k

random = np.random.default_rng(12)
CAMEL = {"pool_size": "poolSize", "output_size": "outputSize"}
KINDS = ("Max", "Average")


def case(kind, shape, masks=None, **arguments):
    """A layer with Keras' arguments on an input of a shape."""
    listed = {name: list(value) if isinstance(value, tuple) else value for name, value in arguments.items()}
    options = {CAMEL.get(name, name): value for name, value in listed.items()}
    layer = getattr(k, kind)(**arguments)
    return jax_cases.case(kind, options, layer, [jax_cases.distinct(random, shape)], masks=masks)


def windows():
    paddings = ("valid", "same")
    cases = [
        case(f"{kind}Pooling1D", (1, size, 2), pool_size=window, strides=stride, padding=padding)
        for kind, padding, window, stride, size in product(KINDS, paddings, (1, 2, 3), (1, 2, 3), (6, 7))
    ]
    cases += [case("MaxPooling1D", (2, 5, 2))]
    write("pooling1d", cases)
    cases = [
        case(f"{kind}Pooling2D", (1, 5, 6, 2), pool_size=window, strides=stride, padding=padding)
        for kind, padding, window, stride in product(KINDS, paddings, (2, (3, 2)), (1, 2, (3, 1), (2, 3)))
    ]
    cases += [case("MaxPooling2D", (2, 4, 5, 1), padding=padding) for padding in paddings]
    cases += [case(f"{kind}Pooling2D", (1, 7, 5, 1), pool_size=2, strides=4, padding="same") for kind in KINDS]
    write("pooling2d", cases)
    cases = [
        case(f"{kind}Pooling3D", (1, 3, 4, 5, 1), pool_size=window, strides=stride, padding=padding)
        for kind, padding, window, stride in product(KINDS, paddings, (2, (1, 3, 2)), (1, 2, (2, 3, 1)))
    ]
    cases += [case("MaxPooling3D", (1, 4, 3, 3, 2))]
    cases += [case(f"{kind}Pooling3D", (1, 6, 3, 5, 1), pool_size=2, strides=(3, 1, 4), padding="same") for kind in KINDS]
    write("pooling3d", cases)


def everywhere():
    shapes = {1: (2, 4, 3), 2: (2, 2, 3, 2), 3: (2, 2, 3, 2, 2)}
    cases = [
        case(f"Global{kind}Pooling{rank}D", shape, keepdims=keepdims)
        for kind, (rank, shape), keepdims in product(KINDS, shapes.items(), (False, True))
    ]
    mask = np.array([[1, 1, 0, 1], [0, 0, 1, 0]], bool)
    cases += [case("GlobalAveragePooling1D", (2, 4, 3), masks=[mask], keepdims=keepdims) for keepdims in (False, True)]
    write("global-pooling", cases)


def adaptive():
    cases = [
        case(f"Adaptive{kind}Pooling1D", (1, size, 2), output_size=count)
        for kind, size, count in product(KINDS, (4, 6, 7), (1, 2, 3, 4, 5))
    ]
    cases += [
        case(f"Adaptive{kind}Pooling2D", (1, 5, 6, 2), output_size=count)
        for kind, count in product(KINDS, (1, 2, 4, (5, 3), (3, 6)))
    ]
    cases += [
        case(f"Adaptive{kind}Pooling3D", (1, 3, 4, 5, 1), output_size=count)
        for kind, count in product(KINDS, (1, 2, (3, 2, 4)))
    ]
    write("adaptive-pooling", cases)


def configs():
    found = []
    for kind, rank in product(KINDS, (1, 2, 3)):
        new = lambda prefix: getattr(k, f"{prefix}{kind}Pooling{rank}D")
        found += [new("")(2), new("")(3, strides=2, padding="same"), new("Global")(), new("Global")(keepdims=True), new("Adaptive")(4)]
        if kind == "Max":
            found.append(new("")())
    jax_cases.write_configs("pooling", found)


if __name__ == "__main__":
    adaptive()
    everywhere()
    windows()
    configs()
