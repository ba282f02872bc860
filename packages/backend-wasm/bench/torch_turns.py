"""Times PyTorch for the parent, turn by turn. One JSON a line: {"threads", "setup", "run", "milliseconds"}; answers with the milliseconds of one call."""

import json
import sys
import time

import torch

print(json.dumps({"version": torch.__version__}), flush=True)
prepared = {}
for line in sys.stdin:
    turn = json.loads(line)
    torch.set_num_threads(turn["threads"])
    key = turn["setup"] + turn["run"]
    if key not in prepared:
        scope = {"torch": torch}
        torch.manual_seed(0)
        exec(turn["setup"], scope)
        # A function, so that nothing is compiled in the loop.
        exec(f"def run():\n    {turn['run']}\n", scope)
        prepared = {key: scope["run"]}
        for _ in range(3):
            prepared[key]()
    run = prepared[key]
    calls = 0
    start = time.perf_counter()
    while (time.perf_counter() - start) * 1000 < turn["milliseconds"]:
        run()
        calls += 1
    print(json.dumps((time.perf_counter() - start) * 1000 / calls), flush=True)
