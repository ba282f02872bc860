"""Learning rates of Keras' schedules in float64, PyTorch's OneCycleLR, and joined schedules by Optax's rule; names and default configs of Keras' optimizers.

Needs torch beside requirements.txt.
Run: python tools/reference/optimizers_schedules.py   (writes packages/optimizers/fixtures/{schedules,keras-names}.json)
"""

import inspect
import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import torch

keras.config.set_floatx("float64")

FOLDER = Path(__file__).parents[2] / "packages/optimizers/fixtures"
SCHEDULES = keras.optimizers.schedules


def short(value):
    return float(f"{float(value):.10g}")


def exact(value):
    if isinstance(value, list):
        return [exact(one) for one in value]
    return np.float64(value) if isinstance(value, float) else value


def case(name, arguments, steps):
    # As numpy floats and a float64 step: TensorFlow makes float32 of Python's.
    schedule = getattr(SCHEDULES, name)(**{key: exact(value) for key, value in arguments.items()})
    rates = [short(schedule(keras.ops.convert_to_tensor(float(step), "float64"))) for step in steps]
    return {"type": name, "arguments": arguments, "steps": list(steps), "rates": rates}


def keras_cases():
    dense = [*range(0, 31), 45, 99, 100, 101, 250, 999, 1000, 1001, 2500, 20000]
    yield case("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 100, "decay_rate": 0.8}, dense)
    yield case("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.9, "staircase": True}, dense[:37])
    yield case("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}, dense)
    yield case("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 2.0, "staircase": True}, dense)
    yield case("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 20}, dense)
    yield case("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "end_learning_rate": 0.01, "power": 0.5}, dense)
    yield case("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 8, "end_learning_rate": 0.02, "power": 2.0, "cycle": True}, dense)
    yield case("PiecewiseConstantDecay", {"boundaries": [5, 100], "values": [0.1, 0.05, 0.01]}, dense)
    yield case("PiecewiseConstantDecay", {"boundaries": [1000], "values": [1.0, 0.5]}, dense)
    yield case("PiecewiseConstantDecay", {"boundaries": [0, 1, 2, 3], "values": [0.5, 0.4, 0.3, 0.2, 0.1]}, range(6))
    yield case("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 100}, dense)
    yield case("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 25, "alpha": 0.1}, dense)
    yield case("CosineDecay", {"initial_learning_rate": 0.0, "decay_steps": 50, "alpha": 0.05, "warmup_target": 0.2, "warmup_steps": 10}, dense)
    yield case("CosineDecay", {"initial_learning_rate": 0.01, "decay_steps": 1000, "warmup_target": 0.2, "warmup_steps": 100}, dense)
    # Not the last step of a period exactly where a logarithm of float64 rounds to the wrong side.
    yield case("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 10}, range(0, 320))
    yield case("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 1.0, "m_mul": 0.9, "alpha": 0.1}, range(0, 64))
    yield case("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 7, "t_mul": 1.5, "m_mul": 0.8, "alpha": 0.01}, range(0, 200))
    yield case("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 1000, "t_mul": 2.0, "m_mul": 0.5}, [*range(0, 60000, 500), 6999, 7001, 14999, 15001, 30999, 31001])


def one_cycle(arguments):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))], lr=0.1)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, cycle_momentum=False, **arguments)
    rates = []
    for step in range(arguments["total_steps"]):
        rates.append(short(scheduler.get_last_lr()[0]))
        if step + 1 < arguments["total_steps"]:
            optimizer.step()
            scheduler.step()
    return {"arguments": arguments, "rates": rates}


def one_cycles():
    yield one_cycle({"max_lr": 0.1, "total_steps": 40})
    yield one_cycle({"max_lr": 0.1, "total_steps": 33, "anneal_strategy": "linear", "pct_start": 0.25})
    yield one_cycle({"max_lr": 0.5, "total_steps": 50, "three_phase": True, "div_factor": 10.0, "final_div_factor": 100.0})
    yield one_cycle({"max_lr": 0.5, "total_steps": 47, "three_phase": True, "anneal_strategy": "linear", "pct_start": 0.4})


def joined():
    """Optax's rule: each schedule counts from its own beginning, and the boundary is its first step."""
    warm = [0.01 + (0.1 - 0.01) * step / 5 for step in range(5)]
    decay = [0.1 * 0.5 ** (step / 4) for step in range(10)]
    last = [0.003] * 5
    return [short(rate) for rate in warm + decay + last]


def names():
    classes = lambda module: sorted(name for name in dir(module) if inspect.isclass(getattr(module, name)))
    defaults = {}
    for name in classes(keras.optimizers):
        cls = getattr(keras.optimizers, name)
        try:
            config = cls().get_config()
        except (TypeError, NotImplementedError):
            continue
        defaults[name] = {key: value for key, value in config.items() if key != "name"}
    assert "Optimizer" not in defaults, "an abstract class has no defaults"
    schedules = {
        name: list(inspect.signature(getattr(SCHEDULES, name).__init__).parameters)[1:] for name in classes(SCHEDULES) if name != "LearningRateSchedule"
    }
    return {"keras": keras.__version__, "optimizers": classes(keras.optimizers), "defaults": defaults, "schedules": classes(SCHEDULES), "arguments": schedules}


def write(name, text):
    target = FOLDER / name
    target.write_text(text)
    size = target.stat().st_size
    assert size <= 100 * 1024, (name, size)
    print(f"{target}: {size} bytes")


rows = lambda cases: "[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases) + "\n]"
write(
    "schedules.json",
    f'{{\n"keras": "{keras.__version__}",\n"torch": "{torch.__version__.split("+")[0]}",\n"schedules": {rows(keras_cases())},\n'
    f'"oneCycle": {rows(one_cycles())},\n"joined": {json.dumps(joined())}\n}}\n',
)
write("keras-names.json", json.dumps(names(), indent=1) + "\n")
