"""Trains a network of networks.mjs with Keras on TensorFlow when the parent asks; answers with milliseconds a step. Arguments: the network, batch, steps, threads."""

import json
import os
import sys
import time

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
name, (batch, steps, threads) = sys.argv[1], (int(argument) for argument in sys.argv[2:5])
if threads == 1:
    # XLA asks the system how many threads it may have: all of them shall be one processor's.
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[-1]})

import keras
import numpy as np
import tensorflow as tf
from keras import layers

tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(threads)


def attention(x):
    return layers.MultiHeadAttention(4, 32)(x, x)


def transformer(x):
    x = layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, attention(x)]))
    inner = layers.Dense(128)(layers.Dense(256, activation="relu")(x))
    return layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, inner]))


def convolution(x):
    x = layers.MaxPooling2D()(layers.Conv2D(32, 3, activation="relu")(x))
    x = layers.MaxPooling2D()(layers.Conv2D(64, 3, activation="relu")(x))
    return layers.Dropout(0.5)(layers.Flatten()(x))


def dense(x):
    for _ in range(3):
        x = layers.Dense(128, activation="relu")(x)
    return x


def mean(x):
    return layers.GlobalAveragePooling1D()(x)


shape, below, body = {
    "dense": ((784,), None, dense),
    "conv": ((28, 28, 1), None, convolution),
    "lstm": ((28, 28), None, layers.LSTM(128)),
    "gru": ((28, 28), None, layers.GRU(128)),
    "attention": ((64, 128), None, lambda x: mean(attention(x))),
    "transformer": ((64, 128), None, lambda x: mean(transformer(x))),
    "embedding": ((64,), 10_000, lambda x: mean(layers.Embedding(10_000, 128)(x))),
}[name]
random = np.random.default_rng(1)
rows = batch * steps
x = random.uniform(size=(rows, *shape)).astype("float32") if below is None else random.integers(0, below, (rows, *shape)).astype("int32")
y = np.arange(rows) % 10
inputs = keras.Input(shape, dtype="float32" if below is None else "int32")
model = keras.Model(inputs, layers.Dense(10, activation="softmax")(body(inputs)))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
print(json.dumps({"ready": f"Keras {keras.__version__} on TensorFlow {tf.__version__}"}), flush=True)
for _ in sys.stdin:
    cpu, start = time.process_time(), time.perf_counter()
    model.fit(x, y, batch_size=batch, epochs=1, verbose=0)
    wall, used = time.perf_counter() - start, time.process_time() - cpu
    print(json.dumps({"milliseconds": wall * 1000 / steps, "cpu": used * 1000 / steps}), flush=True)
