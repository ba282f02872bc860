"""The same work in PyTorch, eager and as CUDA graphs: milliseconds, the least of several rounds. Writes reference.json."""
import json, os, sys, time
import torch
from torch import nn

device = torch.device("cuda")
rows = []


def timed(work, repeats, rounds=5):
    work()
    torch.cuda.synchronize()
    least = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(repeats):
            work()
        torch.cuda.synchronize()
        least = min(least, (time.perf_counter() - start) / repeats)
    return least * 1000


def row(name, ms, **more):
    rows.append({"name": name, "ms": ms, **more})
    print(f"{name}: {ms:.4f} ms {more}", flush=True)


n = 2**26
a, b = torch.rand(n, device=device), torch.rand(n, device=device)
out = torch.empty_like(a)


def moving(name, bytes_, work):
    ms = timed(work, 20)
    row(name, ms, GBs=round(bytes_ / ms / 1e6))


moving("memory copy", 8 * n, lambda: out.copy_(a))
moving("memory relu", 8 * n, lambda: torch.relu(a))
moving("memory exp", 8 * n, lambda: torch.exp(a))
moving("memory tanh", 8 * n, lambda: torch.tanh(a))
moving("memory add", 12 * n, lambda: torch.add(a, b))
m, bias = a.view(-1, 256), torch.rand(256, device=device)
moving("memory add bias", 8 * n, lambda: m + bias)
moving("memory sum all", 4 * n, lambda: a.sum())
moving("memory sum rows", 4 * n, lambda: m.sum(1))
moving("memory sum columns", 4 * n, lambda: m.sum(0))
moving("memory softmax 1024", 8 * n, lambda: torch.softmax(a.view(-1, 1024), -1))
moving("memory transpose", 8 * n, lambda: a.view(-1, 4096).t().contiguous())
moving("memory dropout", 8 * n, lambda: torch.dropout(a, 0.2, True))
moving("memory layer norm 1024", 8 * n, lambda: torch.layer_norm(a.view(-1, 1024), [1024]))
moving("memory batch norm 64", 12 * n, lambda: torch.nn.functional.batch_norm(a.view(-1, 64), None, None, training=True))
del a, b, out, m
torch.cuda.empty_cache()

for tf32 in (False, True):
    torch.backends.cuda.matmul.allow_tf32 = tf32
    for size in (512, 1024, 2048, 4096, 8192):
        x, y = torch.rand(size, size, device=device), torch.rand(size, size, device=device)
        ms = timed(lambda: x @ y, 5 if size > 2048 else 20)
        row(f"gemm {size}" + (" TF32" if tf32 else ""), ms, TFLOPS=round(2 * size**3 / ms / 1e9, 1))
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
# Of numbers that lie there in bfloat16 already: what reads float32 and rounds it moves twice the bytes.
for size in (512, 1024, 2048, 4096, 8192):
    x, y = torch.rand(size, size, device=device).bfloat16(), torch.rand(size, size, device=device).bfloat16()
    ms = timed(lambda: x @ y, 5 if size > 2048 else 20)
    row(f"gemm {size} bf16", ms, TFLOPS=round(2 * size**3 / ms / 1e9, 1))



# Dense layers with a bias and relu, one by one and twenty as a graph; `one launch` is what it has for that, which no module of it uses in training.
def dense(name, x, w, bias):
    def two():
        return torch.relu(torch.addmm(bias, x, w))

    def fused():
        return torch._addmm_activation(bias, x, w)

    for label, layer in (("", two), (", one launch", fused)):
        try:
            row(name + label, timed(layer, 20))
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                for _ in range(20):
                    layer()
            row(f"{name}, captured{label}", timed(graph.replay, 5) / 20)
        except Exception as error:  # as below
            rows.append({"name": name + label, "error": str(error)[:300]})
            print(name, label, error, flush=True)


for m, k, n in ((2048, 2048, 2048), (128, 784, 256)):
    x, w, bias = torch.rand(m, k, device=device), torch.rand(k, n, device=device), torch.rand(n, device=device)
    for label, tf32 in (("", False), (" TF32", True)):
        torch.backends.cuda.matmul.allow_tf32 = tf32
        dense(f"dense {m} x {k} x {n}{label}", x, w, bias)
    torch.backends.cuda.matmul.allow_tf32 = False
    dense(f"dense {m} x {k} x {n} bf16", x.bfloat16(), w.bfloat16(), bias.bfloat16())

x16 = torch.rand(16, device=device)
row("launch of a small kernel, host", timed(lambda: torch.relu(x16), 2000))


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(64, 256, num_layers=2, batch_first=True)
        self.out = nn.Linear(256, 10)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a, self.b = nn.LayerNorm(width), nn.LayerNorm(width)
        self.look = nn.MultiheadAttention(width, width // 64, batch_first=True)
        self.inner = nn.Sequential(nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width))

    def forward(self, x):
        y = self.a(x)
        x = x + self.look(y, y, y, need_weights=False)[0]
        return x + self.inner(self.b(x))


class Transformer(nn.Module):
    def __init__(self, width=256):
        super().__init__()
        self.net = nn.Sequential(nn.Embedding(4 * width, width), Block(width), Block(width), nn.LayerNorm(width), nn.Linear(width, 4 * width))

    def forward(self, x):
        return self.net(x).flatten(0, 1)


class Residual(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.inner = nn.Sequential(nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU(), nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o))
        self.past = nn.Identity() if stride == 1 else nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def forward(self, x):
        return torch.relu(self.past(x) + self.inner(x))


def resnet():
    layers, width = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for stage in range(3):
        for block in range(3):
            out_ = 16 * 2**stage
            layers.append(Residual(width, out_, 2 if stage and not block else 1))
            width = out_
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def images(*shape):
    return torch.rand(*shape, device=device).to(memory_format=torch.channels_last)


tasks = {
    "MLP batch 128": (nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Dropout(0.2), nn.Linear(256, 10)), torch.rand(128, 784, device=device), (128,), 10),
    "CNN batch 128": (nn.Sequential(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10)), images(128, 1, 28, 28), (128,), 10),
    "ResNet-20 batch 512": (resnet(), images(512, 3, 32, 32), (512,), 10),
    "LSTM batch 64": (Lstm(), torch.rand(64, 64, 64, device=device), (64,), 10),
    "Transformer batch 16": (Transformer(), torch.randint(0, 1024, (16, 128), device=device), (16 * 128,), 1024),
}

for name, (net, x, shape, classes) in tasks.items():
    for autocast in (False, True) if name.startswith(("ResNet", "CNN", "Transformer")) else (False,):
        try:
            net = net.to(device)
            if x.dim() == 4:
                net = net.to(memory_format=torch.channels_last)
            y = torch.randint(0, classes, shape, device=device)
            loss_of = nn.CrossEntropyLoss()
            optimizer = torch.optim.Adam(net.parameters(), 1e-3, capturable=True, fused=True)

            def step():
                optimizer.zero_grad(set_to_none=True)
                with torch.autocast("cuda", torch.bfloat16, enabled=autocast, cache_enabled=False):
                    loss = loss_of(net(x), y)
                loss.backward()
                optimizer.step()

            label = f"step {name}" + (" bf16" if autocast else "")
            for _ in range(5):
                step()
            row(f"{label}, eager", timed(step, 20))
            side = torch.cuda.Stream()
            side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(side):
                for _ in range(3):
                    step()
            torch.cuda.current_stream().wait_stream(side)
            graph = torch.cuda.CUDAGraph()
            optimizer.zero_grad(set_to_none=True)
            with torch.cuda.graph(graph):
                step()
            row(f"{label}, captured", timed(graph.replay, 50))
        except Exception as error:  # one network that fails is no reason to lose the others
            rows.append({"name": f"step {name}", "error": str(error)[:300]})
            print(name, error, flush=True)

with open(os.path.join(os.environ.get("GPU_CHECK_OUT", "."), "reference.json"), "w") as file:
    json.dump({"torch": torch.__version__, "device": torch.cuda.get_device_name(), "rows": rows}, file, indent=1)
