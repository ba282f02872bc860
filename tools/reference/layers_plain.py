"""Layers without a family of their own script, of Keras in float64: reshaping, merging, activations and core; see layer_cases.py.

Needs jax beside requirements.txt. EinsumDense with a bias along an inner axis alone is not here: Keras 3.15 on TensorFlow adds its first element everywhere.
"""

import jax
import numpy as np
import tensorflow as tf
from layer_cases import case, numbers, write

import keras
from keras import layers as k

random = np.random.default_rng(3)
x = lambda *shape: numbers(random, shape)
ints = lambda high, *shape: random.integers(0, high, size=shape).astype(np.int32)
mask = lambda *shape: random.random(size=shape) > 0.4


class ExactResize(k.Layer):
    """Resizing with the kernel as it is defined: TensorFlow's bicubic reads it from a table."""

    def __init__(self, size, method):
        super().__init__()
        self.size, self.method = size, method

    def call(self, images):
        with jax.enable_x64(True):
            shape = (images.shape[0], images.shape[1] * self.size[0], images.shape[2] * self.size[1], images.shape[3])
            return tf.constant(np.array(jax.image.resize(np.array(images), shape, self.method, antialias=False)))


def reshaping():
    cases = [
        case("Reshape", {"targetShape": [2, 6]}, k.Reshape((2, 6)), [x(2, 3, 4)]),
        case("Reshape", {"targetShape": [4, -1]}, k.Reshape((4, -1)), [x(2, 3, 4)]),
        case("Permute", {"dims": [3, 1, 2]}, k.Permute((3, 1, 2)), [x(2, 3, 4, 2)]),
        case("RepeatVector", {"n": 3}, k.RepeatVector(3), [x(2, 4)]),
        case("Flatten", {}, k.Flatten(), [x(2, 3, 4)]),
        case("Flatten", {}, k.Flatten(), [x(3)]),
        case("Cropping1D", {}, k.Cropping1D(), [x(2, 5, 2)]),
        case("Cropping1D", {"cropping": [2, 1]}, k.Cropping1D((2, 1)), [x(2, 5, 2)]),
        case("Cropping2D", {}, k.Cropping2D(), [x(1, 3, 3, 2)]),
        case("Cropping2D", {"cropping": [1, 2]}, k.Cropping2D((1, 2)), [x(1, 5, 6, 2)]),
        case("Cropping2D", {"cropping": [[0, 1], [2, 0]]}, k.Cropping2D(((0, 1), (2, 0))), [x(1, 3, 4, 2)]),
        case("Cropping3D", {}, k.Cropping3D(), [x(1, 3, 3, 4, 2)]),
        case("Cropping3D", {"cropping": [[0, 1], [1, 0], [2, 1]]}, k.Cropping3D(((0, 1), (1, 0), (2, 1))), [x(1, 3, 3, 4, 2)]),
        case("ZeroPadding1D", {}, k.ZeroPadding1D(), [x(2, 3, 2)]),
        case("ZeroPadding1D", {"padding": [0, 2]}, k.ZeroPadding1D((0, 2)), [x(2, 3, 2)]),
        case("ZeroPadding2D", {}, k.ZeroPadding2D(), [x(1, 2, 3, 2)]),
        case("ZeroPadding2D", {"padding": [[1, 0], [0, 2]]}, k.ZeroPadding2D(((1, 0), (0, 2))), [x(1, 2, 3, 2)]),
        case("ZeroPadding3D", {"padding": 1}, k.ZeroPadding3D(1), [x(1, 1, 2, 2, 2)]),
        case("UpSampling1D", {}, k.UpSampling1D(), [x(2, 3, 2)]),
        case("UpSampling1D", {"size": 3}, k.UpSampling1D(3), [x(1, 2, 2)]),
        case("UpSampling2D", {}, k.UpSampling2D(), [x(1, 2, 3, 2)]),
        case("UpSampling2D", {"size": [3, 1]}, k.UpSampling2D((3, 1)), [x(1, 2, 3, 2)]),
        case("UpSampling3D", {}, k.UpSampling3D(), [x(1, 2, 1, 2, 2)]),
        case("UpSampling3D", {"size": [1, 2, 3]}, k.UpSampling3D((1, 2, 3)), [x(1, 2, 2, 1, 2)]),
    ]
    for interpolation, method in (("bilinear", None), ("bicubic", "cubic"), ("lanczos3", None), ("lanczos5", None)):
        layer = k.UpSampling2D((2, 3), interpolation=interpolation) if method is None else ExactResize((2, 3), method)
        options = {"size": [2, 3], "interpolation": interpolation}
        cases.append(case("UpSampling2D", options, layer, [x(1, 3, 4, 2)], linear=interpolation != "bilinear"))
    write("reshaping", cases)


def merging():
    cases = []
    for kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"):
        new = getattr(k, kind)
        cases.append(case(kind, {}, new(), [x(2, 3), x(2, 3)]))
        cases.append(case(kind, {}, new(), [x(2, 3, 4), x(2, 1, 4)]))
        cases.append(case(kind, {}, new(), [x(2, 3, 4), x(2, 4)]))
        if kind != "Subtract":
            cases.append(case(kind, {}, new(), [x(2, 3), x(2, 3), x(2, 1)]))
        cases.append(case(kind, {}, new(), [x(2, 3, 2), x(2, 3, 2)], masks=[mask(2, 3), mask(2, 3)]))
        cases.append(case(kind, {}, new(), [x(2, 3, 2), x(2, 3, 2)], masks=[mask(2, 3), None]))
    cases += [
        case("Concatenate", {}, k.Concatenate(), [x(2, 3), x(2, 2), x(2, 1)]),
        case("Concatenate", {"axis": 1}, k.Concatenate(axis=1), [x(2, 3, 2), x(2, 1, 2)]),
        case("Concatenate", {"axis": 1}, k.Concatenate(axis=1), [x(2, 3, 2), x(2, 1, 2)], masks=[mask(2, 3), mask(2, 1)]),
        case("Concatenate", {"axis": 1}, k.Concatenate(axis=1), [x(2, 3, 2), x(2, 1, 2)], masks=[mask(2, 3), None]),
        case("Concatenate", {}, k.Concatenate(), [x(2, 3, 2), x(2, 3, 1)], masks=[mask(2, 3), mask(2, 3)]),
        case("Dot", {"axes": 1}, k.Dot(axes=1), [x(2, 4), x(2, 4)]),
        case("Dot", {"axes": -1}, k.Dot(axes=-1), [x(2, 3, 4), x(2, 2, 4)]),
        case("Dot", {"axes": [1, 2]}, k.Dot(axes=(1, 2)), [x(2, 4, 3), x(2, 2, 4)]),
        case("Dot", {"axes": [2, 1]}, k.Dot(axes=(2, 1)), [x(2, 3, 4), x(2, 4)]),
        case("Dot", {"axes": 1, "normalize": True}, k.Dot(axes=1, normalize=True), [x(2, 4), x(2, 4)]),
        case("Dot", {"axes": [2, 1], "normalize": True}, k.Dot(axes=(2, 1), normalize=True), [x(2, 3, 4), x(2, 4, 2)]),
    ]
    write("merging", cases)


def activations():
    cases = [
        case("ReLU", {}, k.ReLU(), [x(3, 4)]),
        case("ReLU", {"maxValue": 1, "negativeSlope": 0.1, "threshold": 0.2}, k.ReLU(1.0, 0.1, 0.2), [x(3, 4)]),
        case("LeakyReLU", {}, k.LeakyReLU(), [x(3, 4)]),
        case("LeakyReLU", {"negativeSlope": 0.05}, k.LeakyReLU(0.05), [x(3, 4)]),
        case("ELU", {}, k.ELU(), [x(3, 4)]),
        case("ELU", {"alpha": 0.5}, k.ELU(0.5), [x(3, 4)]),
        case("PReLU", {}, k.PReLU(), [x(3, 4)]),
        case("PReLU", {"sharedAxes": [1, 2]}, k.PReLU(shared_axes=[1, 2]), [x(2, 2, 3, 2)]),
        case("Softmax", {}, k.Softmax(), [x(3, 4)]),
        case("Softmax", {"axis": 1}, k.Softmax(1), [x(2, 3, 4)]),
        case("Softmax", {"axis": [1, 2]}, k.Softmax((1, 2)), [x(2, 3, 4)]),
        case("Softmax", {}, k.Softmax(), [x(3, 4)], masks=[np.array([[1, 1, 0, 1], [1, 0, 0, 1], [0, 0, 0, 1]], bool)]),
        case("Activation", {"activation": "tanh"}, k.Activation("tanh"), [x(3, 4)]),
        case("Activation", {"activation": "softplus"}, k.Activation("softplus"), [x(3, 4)], masks=[mask(3, 4)]),
    ]
    write("activations", cases)


def core():
    relu = {"activation": "relu"}
    cases = [
        case("Dense", {"units": 4}, k.Dense(4), [x(3, 5)]),
        case("Dense", {"units": 3, "activation": "tanh", "useBias": False}, k.Dense(3, "tanh", use_bias=False), [x(2, 3, 4)]),
        case("Dense", {"units": 3, **relu}, k.Dense(3, "relu"), [x(2, 3, 4)], masks=[mask(2, 3)]),
        case("Identity", {}, k.Identity(), [x(2, 3)], masks=[mask(2, 3)]),
        case("Masking", {}, k.Masking(), [np.array([[[1, 0], [0, 0], [0, 2]]], np.float64)], masks=[None]),
        case("Masking", {"maskValue": -1}, k.Masking(-1.0), [np.array([[[1, -1], [-1, -1], [0, 2]]], np.float64)], masks=[None]),
        case("Embedding", {"inputDim": 7, "outputDim": 3}, k.Embedding(7, 3), [ints(7, 2, 5)]),
        case("Embedding", {"inputDim": 4, "outputDim": 2, "maskZero": True}, k.Embedding(4, 2, mask_zero=True), [ints(4, 3, 4)], masks=[None]),
        case("ActivityRegularization", {"l1": 0.1, "l2": 0.2}, k.ActivityRegularization(0.1, 0.2), [x(3, 4)]),
    ]
    equations = [
        ("ab,bc->ac", 4, None, (3, 5)),
        ("abc,cd->abd", [None, 4], "d", (2, 3, 5)),
        ("...x,xy->...y", 4, "y", (2, 3, 2, 5)),
        ("abc,bd->adc", [4, 2], None, (3, 5, 2)),
        ("abc,cde->abde", [None, 3, 4], "de", (2, 3, 5)),
        ("abcd,cde->abe", [None, 4], "e", (2, 3, 2, 5)),
        ("ab...,bc->ac...", 4, None, (3, 5, 2)),
        ("BTNH,NHD->BTD", [None, 4], "D", (2, 3, 2, 5)),
    ]
    for equation, shape, bias, size in equations:
        options = {"equation": equation, "outputShape": shape, "biasAxes": bias}
        cases.append(case("EinsumDense", options, k.EinsumDense(equation, shape, bias_axes=bias), [x(*size)]))
    cases.append(case("EinsumDense", {"equation": "ab,bc->ac", "outputShape": 4, "biasAxes": "c", "activation": "sigmoid"}, k.EinsumDense("ab,bc->ac", 4, activation="sigmoid", bias_axes="c"), [x(3, 5)]))
    write("core", cases)


if __name__ == "__main__":
    reshaping()
    merging()
    activations()
    core()
