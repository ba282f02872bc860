"""Event files written by TensorFlow, into packages/tensorboard/fixtures/events.json."""

import base64
import json
import os
import pathlib
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

VALUES = {"loss": [(0, 0.5), (1, 0.25), (7, float(2.0**-20))], "epoch_accuracy": [(0, 0.0), (1, 1.0)]}


def content(folder):
    (name,) = os.listdir(folder)
    with open(os.path.join(folder, name), "rb") as file:
        return base64.b64encode(file.read()).decode()


result = {}
with tempfile.TemporaryDirectory() as folder:
    with tf.summary.create_file_writer(folder).as_default():
        tf.summary.text("note", "passed over", step=0)
        for tag, points in VALUES.items():
            for step, value in points:
                tf.summary.scalar(tag, value, step=step)
        tf.summary.histogram("weights", [1.0, 2.0, 3.0], step=0)
    result["version 2"] = {"file": content(folder), "scalars": VALUES}
with tempfile.TemporaryDirectory() as folder:
    with tf.Graph().as_default():
        writer = tf.compat.v1.summary.FileWriter(folder)
        for tag, points in VALUES.items():
            for step, value in points:
                summary = tf.compat.v1.Summary(value=[tf.compat.v1.Summary.Value(tag=tag, simple_value=value)])
                writer.add_summary(summary, step)
        writer.close()
    result["version 1"] = {"file": content(folder), "scalars": VALUES}
path = pathlib.Path(__file__).parents[2] / "packages/tensorboard/fixtures/events.json"
path.write_text(json.dumps(result, indent=1) + "\n")
