"""Layers that prepare inputs, of Keras in float64; see layer_cases.py. Random ones are given ranges of one number, so that what they do is known.

Needs jax and scipy beside requirements.txt. Also writes packages/layers/fixtures/projections.json (transforms of images by matrices and by corners),
sketches.json (what Normalization and Discretization learn). Arguments name the parts to make (plain, moves, ...); without any it makes all.
"""

import json
import sys

import jax
import numpy as np
import tensorflow as tf
from layer_cases import FIXTURES, array, case, numbers, short, write

import keras
from keras import layers as k

random = np.random.default_rng(11)
x = lambda *shape: numbers(random, shape)
pixels = lambda *shape: np.asarray(random.uniform(0, 1, size=shape), np.float32).astype(np.float64)
bytes_ = lambda *shape: np.asarray(random.uniform(0, 255, size=shape), np.float32).astype(np.float64)
ints = lambda high, *shape: random.integers(0, high, size=shape).astype(np.int32)
mask = lambda *shape: random.random(size=shape) > 0.4
# TensorFlow resizes and moves pixels in float32: the step of differences is 1 there, which is exact for what is linear.
STEP = 2.0**-16


class ExactResize(k.Layer):
    """Resizing with kernels as they are defined: TensorFlow reads bicubic ones from a table, and Lanczos ones in float32."""

    def __init__(self, size, method, antialias):
        super().__init__()
        self.size, self.method, self.antialias = size, method, antialias

    def call(self, images):
        with jax.enable_x64(True):
            shape = (images.shape[0], *self.size, images.shape[3])
            return tf.constant(np.array(jax.image.resize(np.array(images), shape, self.method, antialias=self.antialias)))


class Normalization(k.Normalization):
    """Normalization that sees the weights that were given to it after it was built."""

    def call(self, inputs):
        self.finalize_state()
        return super().call(inputs)


def plain():
    mean, variance = [1.0, -0.5], [4.0, 0.25]
    cases = [
        case("Rescaling", {"scale": 0.5, "offset": -1}, k.Rescaling(0.5, -1.0), [x(2, 3)]),
        case("Rescaling", {"scale": [0.5, 2, -1]}, k.Rescaling([0.5, 2.0, -1.0]), [x(2, 2, 3)], masks=[mask(2, 2)]),
        case("Rescaling", {"scale": 2}, k.Rescaling(2.0), [ints(9, 2, 3)]),
        case("Normalization", {}, Normalization(), [x(3, 4)]),
        case("Normalization", {"axis": [1, 2]}, Normalization(axis=(1, 2)), [x(3, 2, 4)]),
        case("Normalization", {"axis": [-1, 1], "invert": True}, Normalization(axis=(-1, 1), invert=True), [x(2, 2, 3, 2)]),
        case("Normalization", {"axis": []}, Normalization(axis=None), [x(3, 2)], masks=[mask(3)]),
        case("Normalization", {"mean": 2, "variance": 9}, k.Normalization(mean=2.0, variance=9.0), [x(3, 2)]),
        case("Normalization", {"mean": mean, "variance": variance}, k.Normalization(mean=mean, variance=variance), [x(3, 2)]),
        case("Normalization", {"axis": [1, 2], "mean": mean, "variance": [0, 1e-20]}, k.Normalization(axis=(1, 2), mean=mean, variance=[0.0, 1e-20]), [x(2, 3, 2) * 1e-7]),
    ]
    for mode, name in (("one_hot", "oneHot"), ("multi_hot", "multiHot"), ("count", "count")):
        new = lambda: k.CategoryEncoding(5, output_mode=mode)
        cases.append(case("CategoryEncoding", {"numTokens": 5, "outputMode": name}, new(), [ints(5, 3, 4)]))
        cases.append(case("CategoryEncoding", {"numTokens": 5, "outputMode": name}, new(), [ints(5, 3, 1)]))
    cases.append(case("CategoryEncoding", {"numTokens": 5, "outputMode": "oneHot"}, k.CategoryEncoding(5, output_mode="one_hot"), [ints(5, 4)]))
    ends = [-1.0, 0.0, 0.5]
    given = np.array([[-2.0, -1.0, -0.5, 0.0], [0.25, 0.5, 3.0, -1.5]])
    for mode, name in (("int", "int"), ("one_hot", "oneHot"), ("multi_hot", "multiHot"), ("count", "count")):
        cases.append(case("Discretization", {"binBoundaries": ends, "outputMode": name}, k.Discretization(ends, output_mode=mode), [given], gradients=False))
    cases.append(case("Discretization", {"binBoundaries": [2, 5]}, k.Discretization([2, 5]), [ints(9, 3, 2)]))
    write("preprocessing-tables", cases)


def resizing():
    cases = []
    def resize(options, layer, images, **keywords):
        cases.append(case("Resizing", options, layer, [images], **keywords))
    resize({"height": 5, "width": 3}, k.Resizing(5, 3), x(2, 3, 4, 2))
    resize({"height": 2, "width": 6}, k.Resizing(2, 6), x(1, 5, 4, 1))
    for method in ("nearest", "bilinear"):
        resize({"height": 3, "width": 2, "interpolation": method}, k.Resizing(3, 2, method), x(1, 5, 7, 1), differences=1.0)
    for options, method in (("bicubic", "cubic"), ("lanczos3", "lanczos3"), ("lanczos5", "lanczos5")):
        for antialias in (False, True):
            given = {"height": 4, "width": 3, "interpolation": options, "antialias": antialias}
            resize(given, ExactResize((4, 3), method, antialias), x(1, 6, 7, 1), differences=1.0)
    resize({"height": 3, "width": 3, "antialias": True}, ExactResize((3, 3), "linear", True), x(1, 7, 8, 1), differences=1.0)
    for size in ((4, 4), (2, 5), (5, 2)):
        for shape in ((1, 6, 4, 1), (1, 3, 7, 1)):
            given = {"height": size[0], "width": size[1]}
            resize({**given, "cropToAspectRatio": True}, k.Resizing(*size, crop_to_aspect_ratio=True), x(*shape), differences=1.0)
            resize({**given, "padToAspectRatio": True, "fillValue": 0.5}, k.Resizing(*size, pad_to_aspect_ratio=True, fill_value=0.5), x(*shape), differences=1.0)
    resize({"height": 3, "width": 5}, k.Resizing(3, 5), ints(100, 1, 4, 4, 1))
    for size in ((2, 3), (3, 3), (4, 2), (2, 7), (6, 6), (5, 5)):
        given = {"height": size[0], "width": size[1]}
        cases.append(case("CenterCrop", given, k.CenterCrop(*size), [x(1, 5, 5, 1)], differences=1.0))
    # Larger in no direction: the same with and without training, as far as Keras keeps what it documents.
    for training in (True, False):
        cases.append({**case("CenterCrop", {"height": 4, "width": 6}, k.CenterCrop(4, 6), [x(1, 5, 4, 1)], differences=1.0), "type": "RandomCrop", "training": training})
    write("preprocessing-sizes", cases)


def moves():
    cases = []
    shape = (2, 5, 6, 2)
    # RandomRotation mixes up dtypes where everything is float64: its angles are float32, its images are not.
    keras.config.set_floatx("float32")
    for mode in ("reflect", "wrap", "constant", "nearest"):
        for interpolation in ("bilinear", "nearest"):
            options = {"fillMode": mode, "interpolation": interpolation, "fillValue": 0.25}
            given = {"fill_mode": mode, "interpolation": interpolation, "fill_value": 0.25, "dtype": "float64"}
            angle, down, across = 0.13, 0.31, -0.27
            rotation = k.RandomRotation((angle, angle), **given)
            cases.append(case("RandomRotation", {"factor": [angle, angle], **options}, rotation, [x(1, 5, 6, 1)], training=True, differences=1.0))
            translation = k.RandomTranslation((down, down), (across, across), **given)
            options_here = {"heightFactor": [down, down], "widthFactor": [across, across], **options}
            cases.append(case("RandomTranslation", options_here, translation, [x(1, 5, 6, 1)], training=True, differences=1.0))
            zoom = k.RandomZoom((0.43, 0.43), (-0.36, -0.36), **given)
            options_here = {"heightFactor": [0.43, 0.43], "widthFactor": [-0.36, -0.36], **options}
            cases.append(case("RandomZoom", options_here, zoom, [x(1, 5, 6, 1)], training=True, differences=1.0))
    cases.append(case("RandomZoom", {"heightFactor": [-0.3, -0.3]}, k.RandomZoom((-0.3, -0.3)), [x(*shape)], training=True, differences=1.0))
    cases.append(case("RandomZoom", {"heightFactor": 0.3}, k.RandomZoom(0.3), [x(*shape)]))
    cases.append(case("RandomRotation", {"factor": [-0.3, -0.3]}, k.RandomRotation((-0.3, -0.3), dtype="float64"), [x(*shape)], training=True, differences=1.0))
    cases.append(case("RandomShear", {}, k.RandomShear(), [x(*shape)], training=True, differences=1.0))
    cases.append(case("RandomPerspective", {"scale": 0}, k.RandomPerspective(scale=0.0), [x(*shape)], training=True, differences=1.0))
    keras.config.set_floatx("float64")
    write("preprocessing-moves", cases)


def colours():
    cases = []
    def colour(kind, options, layer, images, **keywords):
        keywords = {"training": True, **keywords}
        cases.append(case(kind, options, layer, [images], **keywords))
    unit = {"valueRange": [0, 1]}
    for a in (-0.3, 0.0, 0.6):
        colour("RandomBrightness", {"factor": [a, a], **unit}, k.RandomBrightness((a, a), (0, 1)), pixels(2, 2, 3, 3))
        colour("RandomBrightness", {"factor": [a, a]}, k.RandomBrightness((a, a)), bytes_(1, 3, 2, 1))
        colour("RandomColorDegeneration", {"factor": [a, a], **unit}, k.RandomColorDegeneration((a, a), (0, 1)), pixels(2, 2, 3, 3))
        colour("RandomColorDegeneration", {"factor": [a, a]}, k.RandomColorDegeneration((a, a)), bytes_(1, 2, 3, 3))
    colour("RandomContrast", {"factor": [0, 0], **unit}, k.RandomContrast((0.0, 0.0), (0, 1)), pixels(2, 3, 2, 3))
    for a in (0.0, 0.3, 0.5, 0.9):
        colour("RandomSharpness", {"factor": [a, a], **unit}, k.RandomSharpness((a, a), (0, 1)), pixels(1, 4, 3, 2))
        colour("RandomSharpness", {"factor": [a, a]}, k.RandomSharpness((a, a)), bytes_(1, 3, 4, 1))
    for a in (-0.5, 0.3, 0.5, 0.7):
        colour("RandomSaturation", {"factor": [a, a], **unit}, k.RandomSaturation((a, a), (0, 1)), pixels(1, 3, 4, 3), differences=STEP)
        colour("RandomSaturation", {"factor": [a, a]}, k.RandomSaturation((a, a)), bytes_(1, 3, 2, 3), differences=STEP)
    for a in (0.0, 1.0):
        colour("RandomHue", {"factor": [a, a], **unit}, k.RandomHue((a, a), (0, 1)), pixels(2, 3, 3, 3), differences=STEP)
        colour("RandomHue", {"factor": [a, a], "valueRange": [-1, 1]}, k.RandomHue((a, a), (-1, 1)), 2 * pixels(1, 3, 3, 3) - 1, gradients=False)
    grey = np.repeat(pixels(1, 2, 2, 1), 3, axis=3)
    colour("RandomHue", {"factor": [1, 1], **unit}, k.RandomHue((1.0, 1.0), (0, 1)), grey, gradients=False)
    colour("RandomSaturation", {"factor": [0.7, 0.7], **unit}, k.RandomSaturation((0.7, 0.7), (0, 1)), grey, gradients=False)
    options = {"brightnessFactor": [0.1, 0.1], "contrastFactor": [0, 0], "saturationFactor": [0.4, 0.4], "hueFactor": [1, 1]}
    jitter = k.RandomColorJitter((0, 1), (0.1, 0.1), (0.0, 0.0), (0.4, 0.4), (1.0, 1.0))
    colour("RandomColorJitter", {**unit, **options}, jitter, pixels(1, 3, 3, 3), differences=STEP)
    for bits in (1, 3, 8):
        colour("RandomPosterization", {"factor": [bits, bits]}, k.RandomPosterization((bits, bits)), bytes_(2, 3, 3, 1), gradients=False)
        colour("RandomPosterization", {"factor": [bits, bits], **unit}, k.RandomPosterization((bits, bits), (0, 1)), pixels(2, 3, 3, 1), gradients=False)
    colour("RandomInvert", {"factor": [1, 1]}, k.RandomInvert((1.0, 1.0)), bytes_(2, 2, 2, 3))
    colour("RandomGrayscale", {"factor": 1}, k.RandomGrayscale(1.0), pixels(1, 2, 3, 3))
    colour("RandomGrayscale", {"factor": 0}, k.RandomGrayscale(0.0), pixels(1, 2, 3, 3))
    colour("Solarization", {}, k.Solarization(), bytes_(2, 3, 2, 3))
    colour("Solarization", {**unit}, k.Solarization(value_range=(0, 1)), pixels(2, 3, 2, 3))
    for a in (0.4, 0.8):
        given = {"factor": [1, 1], "kernelSize": 5, "sigma": [a, a], **unit}
        colour("RandomGaussianBlur", given, k.RandomGaussianBlur((1.0, 1.0), 5, (a, a), (0, 1)), pixels(2, 5, 4, 2))
    colour("RandomGaussianBlur", {"factor": [0, 0]}, k.RandomGaussianBlur((0.0, 0.0)), bytes_(1, 3, 3, 1))
    for fill in (0.25, [0.1, 0.2, 0.9]):
        layer = k.RandomErasing((1.0, 1.0), (1.0, 1.0), fill, (0, 1))
        colour("RandomErasing", {"factor": [1, 1], "scale": [1, 1], "fillValue": fill, **unit}, layer, pixels(2, 3, 3, 3), gradients=False)
    write("preprocessing-colours", cases)


def histograms():
    cases = []
    flat = np.concatenate([pixels(1, 3, 4, 2), np.full((1, 3, 4, 2), 0.5)])
    unit = {"valueRange": [0, 1]}
    cases += [
        case("AutoContrast", unit, k.AutoContrast((0, 1)), [0.3 * flat + 0.2], gradients=False),
        case("AutoContrast", unit, k.AutoContrast((0, 1)), [0.3 * pixels(2, 3, 4, 2) + 0.2]),
        case("AutoContrast", {}, k.AutoContrast(), [bytes_(2, 3, 3, 2)], training=True),
    ]
    for bins in (256, 16):
        for value_range, images in (((0, 1), pixels(1, 6, 5, 2) ** 2), ((0, 255), np.floor(bytes_(1, 5, 6, 2)) / 2 + 0.25)):
            layer = k.Equalization(value_range, bins)
            cases.append(case("Equalization", {"bins": bins, "valueRange": list(value_range)}, layer, [images], training=True, gradients=False))
    cases.append(case("Equalization", {}, k.Equalization(), [np.full((1, 3, 3, 1), 7.25)], training=True, gradients=False))
    name = "ContrastLimitedAdaptiveHistogramEqualization"
    for grid, shape, clip in (((2, 2), (2, 6, 8, 1), 4.0), ((2, 3), (1, 7, 7, 2), 40.0), ((8, 8), (1, 17, 19, 1), 0.0), ((1, 1), (1, 5, 5, 1), 2.0)):
        options = {"clipLimit": clip, "tileGridSize": list(grid)}
        layer = k.ContrastLimitedAdaptiveHistogramEqualization((0, 255), clip, grid)
        cases.append(case(name, options, layer, [bytes_(*shape)], gradients=False))
    layer = k.ContrastLimitedAdaptiveHistogramEqualization((0, 1), 4.0, (2, 2))
    cases.append(case(name, {"tileGridSize": [2, 2], **unit}, layer, [pixels(1, 6, 6, 3)], gradients=False))
    write("preprocessing-histograms", cases)


def save(path, content):
    text = json.dumps({"keras": keras.__version__, **content}, separators=(",", ":"), allow_nan=False) + "\n"
    assert len(text) <= 100 * 1024, f"{path} would have {len(text)} bytes"
    path.write_text(text)
    print(f"{path.name}: {len(text)} bytes")


def projections():
    found = []
    for mode in ("reflect", "wrap", "constant", "nearest"):
        for interpolation in ("bilinear", "nearest"):
            images = x(3, 5, 6, 2)
            transforms = np.concatenate([np.array([1, 0, 0, 0, 1, 0]) + random.normal(size=(3, 6)) * [0.5, 0.5, 6, 0.5, 0.5, 6], random.normal(size=(3, 2)) * 0.05], 1).astype(np.float32)
            transforms[0, 6:] = 0
            output = keras.ops.image.affine_transform(images, transforms, interpolation, mode, 0.5)
            found.append({"fillMode": mode, "interpolation": interpolation, "images": array(images), "transforms": short(transforms), "output": short(output)})
    corners = []
    for height, width in ((4, 5), (7, 3)):
        images = x(2, height, width, 1)
        start = np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]], np.float32)
        end = (start + random.normal(size=(2, 4, 2)) * 0.4).astype(np.float32)
        output = keras.ops.image.perspective_transform(images, np.stack([start, start]), end, "bilinear", 0.5)
        corners.append({"images": array(images), "corners": short(end), "output": short(output)})
    save(FIXTURES / "projections.json", {"transforms": found, "corners": corners})


def sketches():
    keras.config.set_floatx("float32")
    normal, discrete = [], []
    for axis, shapes in ((-1, [(5, 3), (1, 3), (8, 3)]), (None, [(4, 2), (3, 2)]), ([1, 2], [(3, 2, 2), (2, 2, 2)])):
        batches = [np.asarray(random.normal(size=s) * 3 + 5, np.float32) for s in shapes]
        layer = k.Normalization(axis=axis, dtype="float32")
        layer.adapt(batches)
        normal.append({"axis": axis, "batches": [array(b) for b in batches], "mean": short(layer.adapt_mean), "variance": short(layer.adapt_variance)})
    for bins, epsilon, sizes in ((4, 0.01, [50]), (3, 0.1, [40, 1, 70]), (10, 0.05, [100, 33]), (2, 0.01, [3]), (5, 0.01, [250, 250])):
        batches = [np.asarray(random.normal(size=s), np.float32) for s in sizes]
        layer = k.Discretization(num_bins=bins, epsilon=epsilon)
        layer.adapt(iter(batches))
        discrete.append({"numBins": bins, "epsilon": epsilon, "batches": [array(b) for b in batches], "binBoundaries": short(layer.bin_boundaries)})
    save(FIXTURES / "sketches.json", {"normalization": normal, "discretization": discrete})
    keras.config.set_floatx("float64")



def lookups():
    values = np.concatenate([[0, 1, -1, 9, -9, 10, 99, 100, 1000, -999, 9999, 12345, 999999, 1234567, -1234567, 12345678, -98765432], [123456789, 2147483647, -2147483648, 1000000000]])
    values = np.concatenate([values, random.integers(-(2**31), 2**31, size=19)]).astype(np.int32)[:, None]
    cases = []
    for bins in (2, 7, 1000, 4194304, 1073741824):
        for salt in (None, 133, [133, -137]):
            options = {"numBins": bins, **({} if salt is None else {"salt": salt})}
            cases.append(case("Hashing", options, k.Hashing(bins, salt=salt), [values[:: 1 if bins < 10**6 else 4]]))
    few = ints(9, 4, 3)
    cases.append(case("Hashing", {"numBins": 5, "maskValue": 3}, k.Hashing(5, mask_value=3), [few]))
    cases.append(case("Hashing", {"numBins": 1, "maskValue": 3}, k.Hashing(1, mask_value=3), [few]))
    for mode, name in (("one_hot", "oneHot"), ("multi_hot", "multiHot"), ("count", "count")):
        cases.append(case("Hashing", {"numBins": 4, "outputMode": name}, k.Hashing(4, output_mode=mode), [few]))
    cases.append(case("Hashing", {"numBins": 4, "outputMode": "oneHot"}, k.Hashing(4, output_mode="one_hot"), [few[:, :1]]))
    other = np.roll(values, 7)
    for bins in (5, 1000, 1073741824):
        cases.append(case("HashedCrossing", {"numBins": bins}, k.HashedCrossing(bins), [values, other]))
    cases.append(case("HashedCrossing", {"numBins": 9}, k.HashedCrossing(9), [values[:, 0], other[:, 0], values[::-1, 0].copy()]))
    cases.append(case("HashedCrossing", {"numBins": 4, "outputMode": "oneHot"}, k.HashedCrossing(4, output_mode="one_hot"), [values[:5], other[:5]]))
    words = [12, -36, 1138, 42, 7]
    asked = np.array([[12, 42, 0], [1138, 5, -36], [8, 12, 12], [6, -7, 7]], np.int32)
    def lookup(options, **keywords):
        cases.append(case("IntegerLookup", {"vocabulary": words, **options}, k.IntegerLookup(vocabulary=words, **keywords), [asked]))
    lookup({})
    lookup({"maskToken": 0}, mask_token=0)
    lookup({"numOovIndices": 3}, num_oov_indices=3)
    lookup({"numOovIndices": 3, "maskToken": 0, "oovMethod": "farmhash"}, num_oov_indices=3, mask_token=0, oov_method="farmhash")
    lookup({"numOovIndices": 3, "oovMethod": "farmhash", "salt": [3, 4]}, num_oov_indices=3, oov_method="farmhash", salt=[3, 4])
    for mode, name in (("one_hot", "oneHot"), ("multi_hot", "multiHot"), ("count", "count")):
        lookup({"outputMode": name}, output_mode=mode)
        lookup({"outputMode": name, "maskToken": 0, "maxTokens": 9, "padToMaxTokens": True, "numOovIndices": 2}, output_mode=mode, mask_token=0, max_tokens=9, pad_to_max_tokens=True, num_oov_indices=2)
    weights = [0.5, 0.25, 1.5, 2.0, 0.75]
    lookup({"outputMode": "tfIdf", "idfWeights": weights}, output_mode="tf_idf", idf_weights=weights)
    lookup({"outputMode": "tfIdf", "idfWeights": weights, "maxTokens": 8, "padToMaxTokens": True}, output_mode="tf_idf", idf_weights=weights, max_tokens=8, pad_to_max_tokens=True)
    back = np.array([[0, 1, 2], [3, 4, 5], [6, 7, 9]], np.int32)
    for mask_token in (None, 0):
        options = {"vocabulary": words, "invert": True, **({} if mask_token is None else {"maskToken": 0})}
        cases.append(case("IntegerLookup", options, k.IntegerLookup(vocabulary=words, invert=True, mask_token=mask_token), [back]))
    special = [0, -1, *words]
    cases.append(case("IntegerLookup", {"vocabulary": special, "maskToken": 0}, k.IntegerLookup(vocabulary=special, mask_token=0), [asked]))
    write("preprocessing-lookups", cases)


def audio():
    cases = []
    for mode in ("log", "magnitude", "psd", "real", "imag", "angle", "stft"):
        layer = k.STFTSpectrogram(mode=mode, frame_length=8, frame_step=3)
        cases.append(case("STFTSpectrogram", {"mode": mode, "frameLength": 8, "frameStep": 3}, layer, [x(2, 17, 1)]))
    options = {"mode": "magnitude", "frameLength": 6, "fftLength": 8, "padding": "same", "expandDims": True, "window": "hamming", "periodic": True, "scaling": "spectrum"}
    layer = k.STFTSpectrogram("magnitude", 6, None, 8, "hamming", True, "spectrum", "same", True)
    cases.append(case("STFTSpectrogram", options, layer, [x(1, 11, 2)]))
    cases.append(case("STFTSpectrogram", {"mode": "psd", "frameLength": 4}, k.STFTSpectrogram("psd", 4), [x(2, 9, 3)]))
    write("audio", cases)


def mels():
    keras.config.set_floatx("float32")
    found = []
    for options, keywords, shape in (
        ({}, {}, (1, 3000)),
        ({"fftLength": 64, "sequenceStride": 20, "numMelBins": 8, "powerToDb": False}, {"fft_length": 64, "sequence_stride": 20, "num_mel_bins": 8, "power_to_db": False}, (2, 150)),
        ({"fftLength": 64, "sequenceLength": 40, "sequenceStride": 32, "numMelBins": 6, "window": "hamming", "magExp": 1, "topDb": 20, "refPower": 4},
         {"fft_length": 64, "sequence_length": 40, "sequence_stride": 32, "num_mel_bins": 6, "window": "hamming", "mag_exp": 1.0, "top_db": 20.0, "ref_power": 4.0}, (2, 131)),
        ({"fftLength": 50, "sequenceLength": 33, "sequenceStride": 16, "numMelBins": 5, "samplingRate": 8000, "minFreq": 100, "maxFreq": 3000},
         {"fft_length": 50, "sequence_length": 33, "sequence_stride": 16, "num_mel_bins": 5, "sampling_rate": 8000, "min_freq": 100.0, "max_freq": 3000.0}, (1, 100)),
    ):
        signals = x(*shape)
        output = np.array(k.MelSpectrogram(dtype="float32", **keywords)(tf.constant(signals, "float32")))
        found.append({"options": options, "signals": array(signals), "output": array(output)})
    save(FIXTURES / "mels.json", {"cases": found})
    keras.config.set_floatx("float64")


PARTS = {part.__name__: part for part in (plain, resizing, moves, colours, histograms, projections, sketches, lookups, audio, mels)}
for name in sys.argv[1:] or PARTS:
    # Each part has numbers of its own, whichever others are made.
    random = np.random.default_rng(sum(name.encode()))
    PARTS[name]()
