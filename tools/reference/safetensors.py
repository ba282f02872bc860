"""Files written by the Python package safetensors 0.8.0 (tools/verify/requirements.txt has it), into packages/formats/fixtures/safetensors.json."""

import base64
import json
import pathlib
import sys

sys.path.pop(0)  # this file's own name would hide the package
import numpy as np
from safetensors.numpy import save

FILES = {
    "every dtype that arrays hold": {
        "dense/kernel": np.array([[1.5, -2.0], [0.1, np.inf]], np.float32),
        "steps": np.array(-7, np.int32),
        "image": np.arange(6, dtype=np.uint8).reshape(1, 2, 3),
        "mask": np.array([True, False, True]),
        "ärger/名前 \"q\"": np.array([3.0], np.float32),
    },
    "raw dtypes": {
        "half": np.array([1.0, -2.0, 0.5], np.float16),
        "double": np.array([0.1], np.float64),
        "long": np.array([2**40, -1], np.int64),
    },
    "empty tensors": {"none": np.zeros((0, 3), np.float32), "one": np.ones((1,), np.float32)},
    "no tensors": {},
}

result = {}
for name, tensors in FILES.items():
    result[name] = {
        "file": base64.b64encode(save(tensors)).decode(),
        "tensors": {
            key: {"dtype": str(a.dtype), "shape": list(a.shape), "bytes": base64.b64encode(a.tobytes()).decode()} for key, a in tensors.items()
        },
    }
result["metadata"] = {
    "file": base64.b64encode(save({"w": np.ones(2, np.float32)}, {"format": "np"})).decode(),
    "tensors": {"w": {"dtype": "float32", "shape": [2], "bytes": base64.b64encode(np.ones(2, np.float32).tobytes()).decode()}},
    "metadata": {"format": "np"},
}
path = pathlib.Path(__file__).parents[2] / "packages/formats/fixtures/safetensors.json"
path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
