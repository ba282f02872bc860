import type { RecurrentExports } from './recurrent-exports.js';

/** The fused kernels that the binaries export: see the files of the same names in assembly/. Addresses, lengths and flags are whole numbers. */
export interface FusedExports extends RecurrentExports {
  activationGradient(activation: number, dy: number, y: number, dx: number, n: number): void;
  crossEntropy(
    sparse: number,
    labels: number,
    logits: number,
    losses: number,
    slope: number,
    rows: number,
    n: number,
  ): void;
  resample(
    x: number,
    y: number,
    outer: number,
    from: number,
    to: number,
    inner: number,
    bands: number,
    taps: number,
  ): void;
  columnSums(x: number, y: number, rows: number, n: number): void;
  softmaxGradient(dy: number, y: number, dx: number, rows: number, n: number): void;
  probabilityCrossEntropy(
    sparse: number,
    labels: number,
    probabilities: number,
    losses: number,
    slope: number,
    rows: number,
    n: number,
    low: number,
    high: number,
  ): void;
  /** a and b are float64. */
  random(
    kind: number,
    x: number,
    y: number,
    n: number,
    counter: number,
    keyLow: number,
    keyHigh: number,
    a: number,
    b: number,
  ): void;
  optimizer(
    rule: number,
    n: number,
    g: number,
    w: number,
    a: number,
    b: number,
    c: number,
    u: number,
    aOut: number,
    bOut: number,
    cOut: number,
    before: number,
    after: number,
    decay: number,
    p: number,
    q: number,
    s: number,
    adds: number,
  ): void;
  /** float64. */
  sumOfSquares(x: number, n: number, scratch: number): number;
  statistics(x: number, n: number, out: number, scratch: number): void;
  layerNorm(
    x: number,
    gamma: number,
    beta: number,
    y: number,
    mean: number,
    inverse: number,
    rows: number,
    n: number,
    epsilon: number,
  ): void;
  layerNormGradient(
    dy: number,
    x: number,
    mean: number,
    inverse: number,
    gamma: number,
    dx: number,
    dGamma: number,
    dBeta: number,
    rows: number,
    n: number,
    perUnit: number,
    scratch: number,
  ): void;
  batchNormScratch(rows: number, channels: number): number;
  fusedBatchNorm(
    x: number,
    mean: number,
    variance: number,
    scale: number,
    offset: number,
    y: number,
    rows: number,
    channels: number,
    epsilon: number,
    scratch: number,
  ): void;
  batchNorm(
    x: number,
    scale: number,
    offset: number,
    y: number,
    mean: number,
    variance: number,
    rows: number,
    channels: number,
    epsilon: number,
    scratch: number,
  ): void;
  moveStatistics(before: number, value: number, to: number, n: number, kept: number, taken: number): void;
  batchNormGradient(
    dy: number,
    x: number,
    mean: number,
    variance: number,
    scale: number,
    dx: number,
    dScale: number,
    dOffset: number,
    rows: number,
    channels: number,
    epsilon: number,
    scratch: number,
  ): void;
}
