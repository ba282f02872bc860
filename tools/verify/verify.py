"""Reads with TensorBoard, TensorFlow, Keras and safetensors what gradstream wrote into a folder, and compares. Prints JSON: a list of checks."""

import base64
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import keras
import numpy as np
import safetensors.numpy
import tensorflow as tf
from graphs import check_graphs
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

folder = sys.argv[1]
checks = []


def load(name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return json.load(file)


def array(described):
    values = np.frombuffer(base64.b64decode(described["values"]), described.get("dtype", "float32"))
    return values.reshape(described["shape"])


def check(reader, subject, work):
    """Work gives what it saw in words; it raises where something is wrong."""
    try:
        checks.append({"reader": reader, "subject": subject, "ok": True, "seen": work()})
    except Exception as error:
        checks.append({"reader": reader, "subject": subject, "ok": False, "seen": f"{type(error).__name__}: {error}"})


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


def difference(received, expected):
    expect(received.shape == expected.shape, f"shape {received.shape} where {expected.shape} was expected")
    received, expected = received.astype(np.float64), expected.astype(np.float64)
    worst = float(np.max(np.abs(received - expected) / np.maximum(1, np.abs(expected)), initial=0))
    expect(worst <= 1e-5, f"largest difference {worst:.1e}")
    return worst


def curves_of(run):
    accumulator = EventAccumulator(os.path.join(folder, "logs", run), size_guidance={"tensors": 0})
    accumulator.Reload()
    result = {}
    for tag in accumulator.Tags()["tensors"]:
        metadata = accumulator.SummaryMetadata(tag)
        expect(metadata.plugin_data.plugin_name == "scalars", f"{tag} is of the plugin {metadata.plugin_data.plugin_name!r}")
        result[tag] = [(event.step, float(tf.make_ndarray(event.tensor_proto))) for event in accumulator.Tensors(tag)]
    return result


def same_curves(run, expected, speeds):
    curves = curves_of(run)
    for tag, steps in speeds.items():
        points = curves.pop(tag, [])
        expect([step for step, _ in points] == steps, f"{tag} has the steps {points}")
        expect(all(value > 0 for _, value in points), f"{tag} has a speed that is not above 0")
    expect(sorted(curves) == sorted(expected), f"tags {sorted(curves)} where {sorted(expected)} were expected")
    for tag, points in expected.items():
        wanted = [(step, float(np.float32(value))) for step, value in points]
        expect(curves[tag] == wanted, f"{tag} is {curves[tag]} where {wanted} was expected")
    return f"{len(curves) + len(speeds)} tags, {sum(map(len, curves.values()))} values, equal"


def same_history(logs):
    train, validation = curves_of("train"), curves_of("validation")
    for name, values in logs["history"].items():
        curve = validation[f"epoch_{name[4:]}"] if name.startswith("val_") else train[f"epoch_{name}"]
        expect([value for _, value in curve] == [float(np.float32(value)) for value in values], f"{name} differs")
    return f"{len(logs['history'])} series, equal"


def predicts_the_same(described):
    loaded = tf.saved_model.load(described["path"])
    signature = loaded.signatures["serving_default"]
    x, y = array(described["x"]), array(described["y"])
    worst = difference(signature(**{described["input"]: tf.constant(x)})[described["output"]].numpy(), y)
    # Any batch: the first alone.
    first = signature(**{described["input"]: tf.constant(x[:1])})[described["output"]].numpy()
    return f"largest difference {max(worst, difference(first, y[:1])):.1e}"


def keras_predicts_the_same(described):
    layer = keras.layers.TFSMLayer(described["path"], call_endpoint="serving_default")
    result = layer(tf.constant(array(described["x"])))
    return f"largest difference {difference(result[described['output']].numpy(), array(described['y'])):.1e}"


def same_weights(expected):
    with safetensors.safe_open(os.path.join(folder, "weights", "model.safetensors"), "numpy") as file:
        expect(sorted(file.keys()) == sorted(expected), f"names {sorted(file.keys())}")
        for path, described in expected.items():
            tensor = file.get_tensor(path)
            expect(tensor.dtype == np.float32 and list(tensor.shape) == described["shape"], f"{path} is {tensor.dtype} {tensor.shape}")
            expect(tensor.tobytes() == base64.b64decode(described["values"]), f"{path} differs")
    safetensors.numpy.save_file({path: array(each) for path, each in expected.items()}, os.path.join(folder, "python.safetensors"))
    return f"{len(expected)} tensors, equal to the bit"


logs = load("logs.json")
check("TensorBoard", "logs/train", lambda: same_curves("train", logs["curves"]["train"], logs["speeds"]))
check("TensorBoard", "logs/validation", lambda: same_curves("validation", logs["curves"]["validation"], {}))
check("TensorBoard", "the run's history", lambda: same_history(logs))
check("safetensors", "weights", lambda: same_weights(load("weights.json")))
models = load("models.json")
check("Keras", f"SavedModel: {models[0]['name']}", lambda: keras_predicts_the_same(models[0]))
for described in models:
    check("TensorFlow", f"SavedModel: {described['name']}", lambda: predicts_the_same(described))
check_graphs(folder, array, check, difference)
json.dump(checks, sys.stdout)
