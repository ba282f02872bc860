"""Trains the digits network with PyTorch, eager, when the parent asks; answers with milliseconds a step.

Arguments: threads, batch, steps, and the files of the rows that the other runners train on: float32 images, int32 labels.
"""

import json
import sys
import time

import torch

threads, batch, steps = (int(argument) for argument in sys.argv[1:4])
images, labels = sys.argv[4:6]
torch.set_num_threads(threads)
torch.manual_seed(1)
x = torch.from_file(images, size=batch * steps * 784, dtype=torch.float32).clone().reshape(-1, 784)
y = torch.from_file(labels, size=batch * steps, dtype=torch.int32).long()
hidden = lambda width: [torch.nn.Linear(width, 128), torch.nn.ReLU()]
model = torch.nn.Sequential(*hidden(784), *hidden(128), *hidden(128), torch.nn.Linear(128, 10))
optimizer = torch.optim.Adam(model.parameters(), fused=True)
loss_of = torch.nn.CrossEntropyLoss()
print(json.dumps({"ready": torch.__version__}), flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    order = torch.randperm(batch * steps)
    correct = torch.zeros((), dtype=torch.int64)
    for step in range(steps):
        rows = order[step * batch : (step + 1) * batch]
        inputs, targets = x[rows], y[rows]
        optimizer.zero_grad()
        logits = model(inputs)
        loss = loss_of(logits, targets)
        loss.backward()
        optimizer.step()
        correct += (logits.detach().argmax(1) == targets).sum()
    print(json.dumps({"milliseconds": (time.perf_counter() - start) * 1000 / steps}), flush=True)
