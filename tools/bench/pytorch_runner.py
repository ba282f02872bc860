"""Trains the digits network with PyTorch, eager, when the parent asks; answers with milliseconds a step. Arguments: threads, batch, steps."""

import json
import sys
import time

import torch

threads, batch, steps = (int(argument) for argument in sys.argv[1:4])
torch.set_num_threads(threads)
torch.manual_seed(1)
x = torch.rand(batch * steps, 784)
y = torch.randint(0, 10, (batch * steps,))
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
        inputs, labels = x[rows], y[rows]
        optimizer.zero_grad()
        logits = model(inputs)
        loss = loss_of(logits, labels)
        loss.backward()
        optimizer.step()
        correct += (logits.detach().argmax(1) == labels).sum()
    print(json.dumps({"milliseconds": (time.perf_counter() - start) * 1000 / steps}), flush=True)
