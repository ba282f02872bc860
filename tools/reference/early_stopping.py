"""Plays random trainings to Keras' EarlyStopping and writes what it did: packages/callbacks/fixtures/early-stopping.json.

Run with a Python that has keras: python tools/reference/early_stopping.py
"""

import json
import pathlib
import random

import keras


class Model:
    """What EarlyStopping touches of a model; its weights are the number of the epoch."""

    stop_training = False
    epoch = None
    restored = None

    def get_weights(self):
        return self.epoch

    def set_weights(self, weights):
        self.restored = weights


def play(options, values):
    callback = keras.callbacks.EarlyStopping(monitor="metric", restore_best_weights=True, **options)
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    stopped = None
    for epoch, value in enumerate(values):
        model.epoch = epoch
        callback.on_epoch_end(epoch, {} if value is None else {"metric": value})
        if model.stop_training:
            stopped = epoch
            break
    callback.on_train_end()
    best = None if callback.best is None else float(callback.best)
    return {"stoppedEpoch": stopped, "restoredEpoch": model.restored, "best": best, "wait": callback.wait}


def main():
    random.seed(20)
    names = {"min_delta": "minDelta", "start_from_epoch": "startFromEpoch"}
    cases = []
    for _ in range(240):
        options = {"mode": random.choice(["min", "max"]), "patience": random.randrange(5)}
        if random.random() < 0.5:
            options["min_delta"] = random.choice([0.125, 0.25, 0.5])
        if random.random() < 0.4:
            options["baseline"] = random.randrange(4, 12) / 8
        if random.random() < 0.3:
            options["start_from_epoch"] = random.randrange(4)
        missing = random.choice([0, 0, 0.3])
        values = [None if random.random() < missing else random.randrange(1, 17) / 8 for _ in range(12)]
        ours = {names.get(name, name): value for name, value in options.items()}
        cases.append({"options": ours, "values": values, **play(options, values)})
    path = pathlib.Path(__file__).parents[2] / "packages/callbacks/fixtures/early-stopping.json"
    head = json.dumps({"keras": keras.__version__})[:-1]
    rows = ",\n".join(json.dumps(case) for case in cases)
    path.write_text(f'{head}, "cases": [\n{rows}\n]}}\n')


main()
