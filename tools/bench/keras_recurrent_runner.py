"""Trains the recurrent network with Keras on TensorFlow when the parent asks; answers with milliseconds a step. Arguments: lstm or gru, batch, steps."""

import json
import os
import sys
import time

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf

kind, (batch, steps) = sys.argv[1], (int(argument) for argument in sys.argv[2:4])
random = np.random.default_rng(1)
x = random.uniform(size=(batch * steps, 28, 28)).astype("float32")
y = random.integers(0, 10, batch * steps)
layer = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[kind]
model = keras.Sequential([keras.Input((28, 28)), layer(128), keras.layers.Dense(10, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
print(json.dumps({"ready": f"{keras.__version__} and {tf.__version__}"}), flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    model.fit(x, y, batch_size=batch, epochs=1, verbose=0)
    print(json.dumps({"milliseconds": (time.perf_counter() - start) * 1000 / steps}), flush=True)
