"""Plays random trainings to Keras' callbacks and writes what they did; the learning rates of PyTorch's SWALR.

Writes packages/callbacks/fixtures/ `reduce-learning-rate`, `model-checkpoint`, `averaging-rates` and `warm-restarts.json`. Needs torch.
"""

import json
import os
import random
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import torch

OUT = Path(__file__).resolve().parents[2] / "packages" / "callbacks" / "fixtures"


def write(name, head, cases):
    rows = ",\n".join(json.dumps(case) for case in cases)
    (OUT / name).write_text(f'{json.dumps(head)[:-1]}, "cases": [\n{rows}\n]}}\n')


class Optimizer:
    """An optimizer as far as a learning rate goes: a float32."""

    def __init__(self, rate):
        self.learning_rate = rate

    def __setattr__(self, name, value):
        object.__setattr__(self, name, np.float32(value))


class Model:
    """What the callbacks touch of a model."""

    def __init__(self, rate=0.5):
        self.optimizer = Optimizer(rate)
        self.stop_training = False
        self.saved = []

    def save(self, path, overwrite=True):
        self.saved.append(path)

    save_weights = save


def values_of(count):
    missing = random.choice([0, 0, 0.3])
    return [None if random.random() < missing else random.randrange(1, 17) / 8 for _ in range(count)]


def logs_of(value):
    return {} if value is None else {"metric": value}


def plateau():
    options = {"mode": random.choice(["min", "max"]), "patience": random.randrange(4), "factor": random.choice([0.5, 0.1, 0.9])}
    if random.random() < 0.5:
        options["min_delta"] = random.choice([0.0, 0.125, 0.5])
    if random.random() < 0.5:
        options["cooldown"] = random.randrange(4)
    if random.random() < 0.5:
        options["min_lr"] = random.choice([0.1, 0.01, 0.3])
    values = values_of(14)
    callback = keras.callbacks.ReduceLROnPlateau(monitor="metric", **options)
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, logs_of(value))
        rates.append(float(model.optimizer.learning_rate))
    names = {"min_delta": "minDelta", "min_lr": "minLearningRate"}
    best = None if callback.best is None else float(callback.best)
    state = {"best": best, "wait": callback.wait, "cooldown": callback.cooldown_counter}
    return {"options": {names.get(name, name): value for name, value in options.items()}, "values": values, "rates": rates, "state": state}


def checkpoint():
    options = {"mode": random.choice(["min", "max"]), "save_best_only": random.random() < 0.7}
    if random.random() < 0.4:
        options["initial_value_threshold"] = random.randrange(4, 12) / 8
    if random.random() < 0.3:
        options["save_freq"] = random.randrange(1, 7)
        options["save_best_only"] = False
    pattern = random.choice(["{epoch:02d}-{metric:.2f}", "m{epoch}", "{metric:08.3f}_{epoch:3d}", "best", "{metric:.3e}-{epoch:d}"])
    if "save_freq" in options:
        pattern = "{epoch:02d}-{batch:04d}"
    values = [random.randrange(1, 17) / 8 for _ in range(10)]
    callback = keras.callbacks.ModelCheckpoint(pattern + ".keras", monitor="metric", **options)
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    saved = []
    for epoch, value in enumerate(values):
        callback.on_epoch_begin(epoch)
        for batch in range(4):
            callback.on_train_batch_end(batch, {"metric": value})
        callback.on_epoch_end(epoch, {"metric": value})
        saved.append([path.removesuffix(".keras") for path in model.saved])
        model.saved = []
    names = {"save_best_only": "saveBestOnly", "initial_value_threshold": "initialValueThreshold", "save_freq": "saveFreq"}
    return {"pattern": pattern, "options": {names.get(name, name): value for name, value in options.items()}, "values": values, "saved": saved}


def averaging(strategy, epochs, first, last):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=first)
    scheduler = torch.optim.swa_utils.SWALR(optimizer, swa_lr=last, anneal_epochs=epochs, anneal_strategy=strategy)
    rates = []
    for _ in range(8):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return {"annealing": "linear" if strategy == "linear" else "cos", "annealingEpochs": epochs, "from": first, "learningRate": last, "rates": rates}


def restarts(options):
    schedule = keras.optimizers.schedules.CosineDecayRestarts(**options)
    names = {"initial_learning_rate": "initialLearningRate", "first_decay_steps": "firstDecay", "t_mul": "tMul", "m_mul": "mMul"}
    steps = [*range(30), 45, 69, 70, 71, 149, 150, 1000]
    return {"options": {names.get(name, name): value for name, value in options.items()}, "steps": steps, "rates": [float(schedule(step)) for step in steps]}


def main():
    random.seed(21)
    head = {"keras": keras.__version__}
    write("reduce-learning-rate.json", head, [plateau() for _ in range(160)])
    write("model-checkpoint.json", head, [checkpoint() for _ in range(120)])
    grid = [averaging(strategy, epochs, first, last) for strategy in ("cos", "linear") for epochs in (0, 1, 5) for first, last in ((0.1, 0.02), (0.01, 0.05))]
    first = {"initial_learning_rate": 0.1, "first_decay_steps": 10}
    write("warm-restarts.json", head, [restarts(first | more) for more in ({}, {"t_mul": 1.0, "m_mul": 0.9, "alpha": 0.1}, {"first_decay_steps": 7, "t_mul": 1.5, "m_mul": 0.8, "alpha": 0.01}, {"t_mul": 3.0, "m_mul": 2.0})])
    write("averaging-rates.json", {"torch": torch.__version__.split("+")[0]}, grid)


main()
