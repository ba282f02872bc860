"""What the scripts layers_*.py share: a layer of Keras in float64 on inputs and weights that float32 holds exactly, its outputs, and the gradients of a
weighted sum of them for every weight and every input of fractions.

A case is { type, options, inputs, masks?, training?, weights, outputs, outputMasks?, inputGradients, weightGradients }. `type` and `options` are those of our
configs. Element i of all outputs together, in order, has the factor cos(i) in the sum.
"""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf

keras.config.set_floatx("float64")

FIXTURES = Path(__file__).parents[2] / "packages" / "layers" / "fixtures"
LARGEST = 100 * 1024


def numbers(random, shape, scale=1.0):
    """Normal numbers that float32 holds exactly."""
    return np.asarray(random.normal(size=shape) * scale, np.float32).astype(np.float64)


def short(values):
    return [float(f"{v:.9g}") for v in np.asarray(values, np.float64).ravel()]


def array(values):
    values = np.asarray(values)
    kind = "bool" if values.dtype == bool else "int32" if values.dtype.kind == "i" else "float32"
    flat = [int(v) for v in values.ravel()] if kind != "float32" else short(values)
    return {"dtype": kind, "shape": list(values.shape), "values": flat}


def as_list(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def case(kind, options, layer, inputs, *, masks=None, training=False, seed=7, weight_name=None, scale=0.5, weights=None, linear=False, gradients=True, differences=None):
    """Runs a layer. `weight_name` gives our name of one of Keras' variables; by default the last part of its path.
    `linear` takes the gradient of a layer that is linear in its only input by differences, for operations without one in float64. `differences` is the step of
    central differences that give the gradient of a layer of one input otherwise. Without `gradients` none are compared, for layers that have none."""
    random = np.random.default_rng(seed)
    name_of = weight_name or (lambda variable: variable.path.split("/")[-1])
    arguments = [tf.constant(x) for x in inputs]
    given = arguments if len(arguments) > 1 else arguments[0]
    keywords = {}
    taken = None if masks is None else [None if m is None else tf.constant(m) for m in masks]
    if taken is not None and len(arguments) == 1:
        taken = taken[0]
    if taken is not None and "mask" in layer._call_signature.parameters:
        keywords["mask"] = taken
    elif masks is not None:
        # Layers without such an argument look at their inputs.
        for argument, one in zip(arguments, masks):
            if one is not None:
                argument._keras_mask = tf.constant(one)
    if "training" in layer._call_signature.parameters:
        keywords["training"] = training
    layer(given, **keywords)
    for variable in layer.weights:
        if weights is not None and name_of(variable) in weights:
            variable.assign(weights[name_of(variable)])
        elif variable.dtype.startswith("float"):
            value = numbers(random, variable.shape, scale)
            variable.assign(np.abs(value) + 0.5 if name_of(variable).endswith("variance") else value)
    before = {name_of(v): np.array(v) for v in layer.weights}
    with tf.GradientTape() as tape:
        moving = [x for x in arguments if x.dtype.is_floating]
        tape.watch(moving)
        outputs = as_list(layer(given, **keywords))
        flat = tf.concat([tf.reshape(tf.cast(y, "float64"), [-1]) for y in outputs], 0)
        total = tf.reduce_sum(flat * tf.constant(np.cos(np.arange(flat.shape[0]))))
    trained = layer.trainable_variables
    if differences is not None:
        factors = np.cos(np.arange(flat.shape[0]))
        total_of = lambda moved: float(np.sum(np.array(layer(tf.constant(moved), **keywords), np.float64).ravel() * factors))
        units = np.eye(inputs[0].size).reshape(-1, *inputs[0].shape) * differences
        gradients_found = [np.array([total_of(inputs[0] + u) - total_of(inputs[0] - u) for u in units]).reshape(inputs[0].shape) / (2 * differences)]
    elif not gradients:
        gradients_found = []
    elif linear:
        zero = np.zeros_like(inputs[0])
        total_of = lambda moved: float(np.sum(np.array(layer(tf.constant(moved)), np.float64).ravel() * np.cos(np.arange(flat.shape[0]))))
        units = np.eye(zero.size).reshape(-1, *zero.shape)
        gradients_found = [np.array([total_of(unit) for unit in units]).reshape(zero.shape)]
    else:
        gradients_found = tape.gradient(total, moving + [v.value for v in trained], unconnected_gradients="zero")
    dense = [tf.convert_to_tensor(g) for g in gradients_found]
    found = {
        "type": kind,
        "options": options,
        "inputs": [array(x) for x in inputs],
        "weights": {name: array(value) for name, value in before.items()},
        "outputs": [array(np.array(y)) for y in outputs],
        "inputGradients": [array(g) for g in dense[: len(moving)]],
        "weightGradients": {name_of(v): array(g) for v, g in zip(trained, dense[len(moving) :])},
    }
    after = {name_of(v): np.array(v) for v in layer.weights}
    changed = {name: array(value) for name, value in after.items() if not np.array_equal(value, before[name])}
    if changed:
        found["newWeights"] = changed
    if masks is not None:
        found["masks"] = [None if m is None else array(np.asarray(m)) for m in masks]
        made = as_list(layer.compute_mask(given, taken))
        if any(m is not None for m in made):
            found["outputMasks"] = [None if m is None else array(np.array(m)) for m in made]
    if training:
        found["training"] = True
    if not gradients:
        del found["inputGradients"], found["weightGradients"]
    return found


def write(name, cases):
    """Writes cases to fixtures/keras-NAME.json."""
    path = FIXTURES / f"keras-{name}.json"
    text = json.dumps({"keras": keras.__version__, "cases": cases}, separators=(",", ":"))
    text = text.replace('{"type"', '\n{"type"') + "\n"
    assert len(text) <= LARGEST, f"{path} would have {len(text)} bytes"
    path.write_text(text)
    print(f"{path.name}: {len(cases)} cases, {len(text)} bytes")
