"""Convolution layers of Keras in float64 over grids of strides, dilations, groups, paddings and sizes; see layer_cases.py.

Needs jax beside requirements.txt: TensorFlow on a CPU has no gradients of grouped convolutions and no dilated volumes, and refuses strides with dilations
and different strides in depthwise ones. All cases run on Keras' JAX backend, so that they come from one place.
"""

import json
from itertools import product

import layer_cases_jax as jax_cases
import numpy as np
from layer_cases import FIXTURES, keras, write

from keras import layers as k

random = np.random.default_rng(11)
CAMEL = {
    "dilation_rate": "dilationRate",
    "output_padding": "outputPadding",
    "depth_multiplier": "depthMultiplier",
    "use_bias": "useBias",
    "kernel_size": "kernelSize",
}


def case(kind, shape, **arguments):
    """A layer with Keras' arguments on an input of a shape."""
    listed = {name: list(value) if isinstance(value, tuple) else value for name, value in arguments.items()}
    options = {CAMEL.get(name, name): value for name, value in listed.items()}
    return jax_cases.case(kind, options, getattr(k, kind)(**arguments), [jax_cases.steps(random, shape)])


def steps():
    cases = [
        case("Conv1D", (1, size, 2), filters=2, kernel_size=window, strides=stride, padding=padding)
        for padding, stride, window, size in product(("valid", "same", "causal"), (1, 2, 3), (2, 3), (6, 7))
    ]
    cases += [
        case("Conv1D", (1, size, 1), filters=2, kernel_size=window, dilation_rate=rate, padding=padding)
        for padding, rate, window, size in product(("valid", "same", "causal"), (2, 3), (2, 3), (8, 9))
    ]
    cases += [
        case("Conv1D", (1, 5, 4), filters=4, kernel_size=2, groups=groups, padding=padding, strides=stride)
        for padding, groups, stride in product(("valid", "same", "causal"), (2, 4), (1, 2))
    ]
    cases += [
        case("Conv1D", (2, 4, 2), filters=3, kernel_size=2),
        case("Conv1D", (2, 4, 2), filters=3, kernel_size=2, use_bias=False),
        case("Conv1D", (1, 7, 4), filters=4, kernel_size=3, groups=2, dilation_rate=2, padding="causal", activation="tanh"),
    ]
    write("conv1d", cases)


def images():
    cases = [
        case("Conv2D", (1, 4, 5, 2), filters=2, kernel_size=window, strides=stride, padding=padding)
        for padding, window, stride in product(("valid", "same"), (1, 2, 3, (3, 2)), (1, 2, (2, 1), (3, 2)))
    ]
    write("conv2d", cases)
    cases = [
        case("Conv2D", (1, 6, 5, 1), filters=2, kernel_size=window, dilation_rate=rate, padding=padding)
        for padding, window, rate in product(("valid", "same"), (2, (3, 2)), (2, (1, 3), (2, 1)))
    ]
    cases += [
        case("Conv2D", (1, 3, 4, 4), filters=4, kernel_size=2, groups=groups, padding=padding, strides=stride)
        for padding, groups, stride in product(("valid", "same"), (2, 4), (1, 2))
    ]
    cases += [
        case("Conv2D", (1, 4, 5, 4), filters=2, kernel_size=(2, 3), groups=2, dilation_rate=(2, 1), padding="same"),
        case("Conv2D", (1, 4, 4, 3), filters=6, kernel_size=3, groups=3, padding="same", activation="sigmoid"),
        case("Conv2D", (2, 3, 3, 2), filters=2, kernel_size=2),
        case("Conv2D", (2, 3, 3, 2), filters=2, kernel_size=2, use_bias=False),
    ]
    activations = ("relu", "relu6", "sigmoid", "tanh", "elu", "gelu", "softmax")
    cases += [case("Conv2D", (1, 3, 3, 2), filters=3, kernel_size=2, activation=name) for name in activations]
    write("conv2d-dilated-grouped", cases)


def volumes():
    cases = [
        case("Conv3D", (1, 3, 4, 3, 1), filters=2, kernel_size=window, strides=stride, padding=padding)
        for padding, window, stride in product(("valid", "same"), (1, 2, (3, 2, 1)), (1, 2, (1, 3, 2)))
    ]
    cases += [
        case("Conv3D", (1, 4, 3, 3, 1), filters=1, kernel_size=2, dilation_rate=rate, padding=padding)
        for padding, rate in product(("valid", "same"), (2, (3, 1, 2)))
    ]
    cases += [
        case("Conv3D", (1, 2, 3, 2, 2), filters=2, kernel_size=2, groups=2, padding=padding) for padding in ("valid", "same")
    ]
    cases.append(case("Conv3D", (2, 2, 2, 2, 1), filters=2, kernel_size=2, activation="relu", use_bias=False))
    write("conv3d", cases)


def transposed():
    paddings = ("valid", "same")
    cases = [
        case("Conv1DTranspose", (1, 4, 2), filters=2, kernel_size=window, strides=stride, padding=padding)
        for padding, window, stride in product(paddings, (1, 2, 3, 4), (1, 2, 3))
    ]
    cases += [
        case("Conv1DTranspose", (1, 3, 1), filters=2, kernel_size=window, strides=3, padding=padding, output_padding=extra)
        for padding, window, extra in product(paddings, (2, 3, 5), (0, 1, 2))
    ]
    cases += [
        case("Conv1DTranspose", (1, 5, 1), filters=2, kernel_size=window, dilation_rate=rate, padding=padding)
        for padding, window, rate in product(paddings, (2, 3), (2, 3))
    ]
    cases.append(case("Conv1DTranspose", (2, 3, 2), filters=3, kernel_size=2, activation="relu", use_bias=False))
    write("conv1d-transpose", cases)
    cases = [
        case("Conv2DTranspose", (1, 2, 3, 2), filters=1, kernel_size=window, strides=stride, padding=padding)
        for padding, window, stride in product(paddings, (2, 3, (3, 1)), (1, 2, (2, 3)))
    ]
    cases += [
        case("Conv2DTranspose", (1, 2, 3, 1), filters=2, kernel_size=3, strides=2, padding=padding, output_padding=extra)
        for padding, extra in product(paddings, (0, 1, (0, 1)))
    ]
    cases += [
        case("Conv2DTranspose", (1, 3, 4, 1), filters=1, kernel_size=(2, 3), dilation_rate=rate, padding=padding)
        for padding, rate in product(paddings, (2, (1, 3)))
    ]
    cases += [
        case("Conv2DTranspose", (2, 2, 2, 2), filters=3, kernel_size=2, activation="tanh"),
        case("Conv2DTranspose", (2, 2, 2, 2), filters=1, kernel_size=2, use_bias=False),
    ]
    write("conv2d-transpose", cases)
    cases = [
        case("Conv3DTranspose", (1, 2, 2, 3, 1), filters=1, kernel_size=window, strides=stride, padding=padding)
        for padding, window, stride in product(paddings, (2, (3, 1, 2)), (1, 2, (2, 1, 3)))
    ]
    cases += [
        case("Conv3DTranspose", (1, 2, 1, 2, 2), filters=1, kernel_size=3, strides=2, padding=padding, output_padding=1)
        for padding in paddings
    ]
    cases += [
        case("Conv3DTranspose", (1, 2, 3, 2, 1), filters=2, kernel_size=2, dilation_rate=(2, 1, 2), padding="valid"),
        case("Conv3DTranspose", (1, 2, 2, 2, 1), filters=2, kernel_size=2, activation="elu", use_bias=False),
    ]
    write("conv3d-transpose", cases)


def by_channel():
    paddings = ("valid", "same")
    cases = [
        case("DepthwiseConv1D", (1, size, 2), kernel_size=window, strides=stride, padding=padding, depth_multiplier=depth)
        for padding, stride, window, size, depth in product(paddings, (1, 2, 3), (2, 3), (6, 7), (1, 2))
    ]
    cases += [
        case("DepthwiseConv1D", (1, 8, 2), kernel_size=3, dilation_rate=2, padding="valid"),
        case("DepthwiseConv1D", (1, 8, 2), kernel_size=2, dilation_rate=3, padding="same", activation="tanh"),
        case("DepthwiseConv1D", (2, 4, 2), kernel_size=2, use_bias=False),
    ]
    write("depthwise-conv1d", cases)
    cases = [
        case("DepthwiseConv2D", (1, 4, 5, 2), kernel_size=window, strides=stride, padding=padding, depth_multiplier=depth)
        for padding, window, stride, depth in product(paddings, (2, (3, 2)), (1, 2, (2, 1)), (1, 2))
    ]
    cases += [
        case("DepthwiseConv2D", (1, 6, 5, 2), kernel_size=2, dilation_rate=rate, strides=stride, padding=padding)
        for padding, rate, stride in product(paddings, (2, (1, 3)), (1, 2))
    ]
    cases += [
        case("DepthwiseConv2D", (2, 3, 3, 2), kernel_size=2, activation="relu"),
        case("DepthwiseConv2D", (2, 3, 3, 2), kernel_size=2, use_bias=False),
    ]
    write("depthwise-conv2d", cases)


def separable():
    paddings = ("valid", "same")
    cases = [
        case("SeparableConv1D", (1, size, 2), filters=2, kernel_size=window, strides=stride, padding=padding)
        for padding, stride, window, size in product(paddings, (1, 2), (2, 3), (6, 7))
    ]
    cases += [
        case("SeparableConv1D", (1, 8, 2), filters=3, kernel_size=2, dilation_rate=3, padding="same", depth_multiplier=2),
        case("SeparableConv1D", (1, 8, 2), filters=1, kernel_size=3, dilation_rate=2, activation="sigmoid"),
        case("SeparableConv1D", (2, 4, 2), filters=2, kernel_size=2, use_bias=False),
    ]
    cases += [
        case("SeparableConv2D", (1, 4, 5, 2), filters=2, kernel_size=window, strides=stride, padding=padding)
        for padding, window, stride in product(paddings, (2, (3, 2)), (1, 2))
    ]
    cases += [
        case("SeparableConv2D", (1, 5, 4, 2), filters=3, kernel_size=2, dilation_rate=(2, 1), padding=padding, depth_multiplier=2)
        for padding in paddings
    ]
    cases += [
        case("SeparableConv2D", (2, 3, 3, 2), filters=2, kernel_size=2, activation="relu"),
        case("SeparableConv2D", (2, 3, 3, 2), filters=2, kernel_size=2, use_bias=False),
    ]
    write("separable-conv", cases)


def configs():
    parts = {"bias_initializer": "ones", "bias_regularizer": "l1", "bias_constraint": "non_neg"}
    kernel = {"kernel_initializer": "he_normal", "kernel_regularizer": "l2", "kernel_constraint": "max_norm"}
    depthwise = {"depthwise_initializer": "he_normal", "depthwise_regularizer": "l2", "depthwise_constraint": "max_norm"}
    pointwise = {"pointwise_initializer": "he_uniform", "pointwise_regularizer": "l1", "pointwise_constraint": "unit_norm"}
    found = []
    for rank in (1, 2, 3):
        conv, transposed = getattr(k, f"Conv{rank}D"), getattr(k, f"Conv{rank}DTranspose")
        found += [conv(4, 3), conv(4, 3, strides=2, padding="same", groups=2, activation="relu", use_bias=False, **kernel, **parts)]
        found += [transposed(4, 3), transposed(4, 3, strides=2, padding="same", output_padding=1, activation="elu", **kernel, **parts)]
    found.append(k.Conv1D(2, 3, padding="causal", dilation_rate=2))
    for rank in (1, 2):
        by_channel, separable = getattr(k, f"DepthwiseConv{rank}D"), getattr(k, f"SeparableConv{rank}D")
        found += [by_channel(3), by_channel(3, dilation_rate=2, padding="same", depth_multiplier=2, activation="relu", **depthwise, **parts)]
        found += [separable(4, 3), separable(4, 3, strides=2, depth_multiplier=2, use_bias=False, **depthwise, **pointwise, **parts)]
    jax_cases.write_configs("convolution", found)


def model():
    """A model of every convolution and pooling layer, as Keras' to_json writes it, with the shape that it gives to each layer's output."""
    keras.config.set_floatx("float32")
    keras.utils.clear_session()
    inputs = [keras.Input((9,) * rank + (4,), name=f"in{rank}") for rank in (1, 2, 3)]
    outputs = []
    for rank, tensor in zip((1, 2, 3), inputs):
        new = lambda name: getattr(k, name.replace("#", f"{rank}D"))
        chain = [
            new("Conv#")(4, 3, padding="causal" if rank == 1 else "same", groups=2, activation="relu", kernel_regularizer="l2"),
            new("Conv#Transpose")(4, 2, strides=2, output_padding=1, bias_constraint="max_norm"),
            new("MaxPooling#")(),
            new("AveragePooling#")(2, strides=1, padding="same"),
            new("AdaptiveMaxPooling#")(5),
            new("AdaptiveAveragePooling#")(4),
        ]
        if rank < 3:
            chain += [new("DepthwiseConv#")(2, depth_multiplier=2), new("SeparableConv#")(3, 2, depthwise_initializer="he_normal")]
        for layer in chain:
            tensor = layer(tensor)
        outputs += [new("GlobalMaxPooling#")()(tensor), new("GlobalAveragePooling#")(keepdims=True)(tensor)]
    net = keras.Model(inputs, outputs)
    shapes = {layer.name: list(layer.output.shape) for layer in net.layers}
    weights = {layer.name: {w.path.split("/")[-1]: list(w.shape) for w in layer.weights} for layer in net.layers if layer.weights}
    found = {"model": json.loads(net.to_json()), "shapes": shapes, "weights": weights}
    (FIXTURES / "convolution-model.json").write_text(json.dumps(found, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    steps()
    images()
    volumes()
    transposed()
    by_channel()
    separable()
    configs()
    model()
