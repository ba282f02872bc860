"""Coefficients of the polynomials in assembly/simd/*.ts: minimax fits by Lawson's iteration, rounded to float32 one after another.

Run: python3 scripts/fit_polynomials.py (numpy only). Each line: name, the largest error before rounding, coefficients from the lowest power.
"""
import math
import numpy as np


def minimax(f, powers, low, high, weight, points=4000, rounds=400):
    x = (low + high) / 2 + (high - low) / 2 * np.cos(np.pi * (np.arange(points) + 0.5) / points)
    y = f(x)
    w = weight(x)
    a = np.stack([x**p for p in powers], axis=1)
    lawson = np.ones(points) / points
    for _ in range(rounds):
        s = np.sqrt(lawson) * w
        c, *_ = np.linalg.lstsq(a * s[:, None], y * s, rcond=None)
        e = np.abs((a @ c - y) * w)
        lawson = lawson * e
        lawson /= lawson.sum()
    return c, e.max()


def rounded(f, powers, low, high, weight):
    """Fits, rounds the lowest coefficient to float32, and fits the others again to what is left."""
    fixed = []
    rest = list(powers)
    g = f
    error = None
    while rest:
        c, e = minimax(g, rest, low, high, weight)
        error = e if error is None else error
        value = float(np.float32(c[0]))
        fixed.append(value)
        power = rest.pop(0)
        g = (lambda g, v, p: lambda x: g(x) - v * x**p)(g, value, power)
    return error, fixed


def show(name, result):
    error, coefficients = result
    print(name, f"error {error:.2e}", ", ".join(f"{c!r}" for c in coefficients))


erf = np.vectorize(math.erf)
erfc = np.vectorize(math.erfc)
one = lambda x: np.ones_like(x)

# exp(r) = 1 + r + r^2 p(r), |r| <= ln(2) / 2
half = math.log(2) / 2 * 1.01
show("exp", rounded(lambda x: np.where(np.abs(x) < 1e-4, 0.5 + x / 6, (np.expm1(x) - x) / np.where(x == 0, 1, x * x)), range(0, 5), -half, half, lambda x: x * x + 1e-9))
# log(1 + f) = f - f^2 / 2 + f^3 p(f), sqrt(1/2) - 1 <= f <= sqrt(2) - 1
show("log", rounded(lambda x: np.where(np.abs(x) < 3e-3, 1 / 3 - x / 4 + x * x / 5 - x**3 / 6 + x**4 / 7, (np.log1p(x) - x + x * x / 2) / np.where(x == 0, 1, x**3)), range(0, 9), math.sqrt(0.5) - 1, math.sqrt(2) - 1, lambda x: np.abs(x) ** 3 / np.abs(np.log1p(x) + 1e-30)))
# tanh(x) = x + x^3 p(x^2), |x| <= 0.625; z = x^2
show("tanh", rounded(lambda z: (np.tanh(np.sqrt(z)) - np.sqrt(z)) / (z * np.sqrt(z)), range(0, 5), 1e-5, 0.625**2, lambda z: z))
# erf(x) = x + x p(x^2), |x| <= 0.92
show("erf small", rounded(lambda z: erf(np.sqrt(z)) / np.sqrt(z) - 1, range(0, 7), 1e-7, 0.92**2, one))
# erf(x) = 1 - exp(-x q(x)), 0.92 <= x <= 4
show("erf large", rounded(lambda x: -np.log(erfc(x)) / x, range(0, 8), 0.92, 4.0, lambda x: x * erfc(x) / erf(x)))
