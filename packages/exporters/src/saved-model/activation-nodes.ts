import { GradstreamError } from '@gradstream/core';
import { DataType } from '@gradstream/formats/messages';
import { boolAttribute, floatAttribute, intAttribute, typeAttribute } from './attribute.js';
import type { GraphBuilder, Ref } from './graph-builder.js';

/** Adds the nodes of an activation after `x`, whose last dimension has `width` elements: null where that is not known. */
export type ActivationNodes = (graph: GraphBuilder, x: Ref, width: number | null) => Ref;

type Operand = Ref | number;

const one =
  (op: string): ActivationNodes =>
  (graph, x) =>
    graph.op(op, [x]);

const add = (graph: GraphBuilder, a: Ref, b: Operand): Ref => graph.op('AddV2', [a, b]);
const mul = (graph: GraphBuilder, a: Ref, b: Operand): Ref => graph.op('Mul', [a, b]);
const sub = (graph: GraphBuilder, a: Ref, b: Operand): Ref => graph.op('Sub', [a, b]);
const clip = (graph: GraphBuilder, x: Ref, low: number, high: number): Ref => graph.op('ClipByValue', [x, low, high]);
const greater = (graph: GraphBuilder, a: Ref, b: Operand): Ref => graph.op('Greater', [a, b], {}, DataType.DT_BOOL);

/** A conversion to floats; `true` becomes 1. */
export function cast(graph: GraphBuilder, x: Ref): Ref {
  const attributes = {
    SrcT: typeAttribute(x.type),
    DstT: typeAttribute(DataType.DT_FLOAT),
    Truncate: boolAttribute(false),
  };
  return graph.add('Cast', { op: 'Cast', input: [x.name], attributes }, DataType.DT_FLOAT);
}

/** Sum or largest element along the last axis, which stays with size 1. */
function reduce(graph: GraphBuilder, op: 'Sum' | 'Max', x: Ref): Ref {
  return graph.op(op, [x, graph.integers([-1])], {
    keep_dims: boolAttribute(true),
    Tidx: typeAttribute(DataType.DT_INT32),
  });
}

function hardSigmoid(graph: GraphBuilder, x: Ref): Ref {
  return mul(graph, graph.op('Relu6', [add(graph, x, 3)]), 1 / 6);
}

function hardShrink(graph: GraphBuilder, x: Ref): Ref {
  return mul(graph, x, cast(graph, greater(graph, graph.op('Abs', [x]), 0.5)));
}

function gelu(graph: GraphBuilder, x: Ref): Ref {
  const erf = graph.op('Erf', [mul(graph, x, Math.SQRT1_2)]);
  return mul(graph, x, add(graph, mul(graph, erf, 0.5), 0.5));
}

function glu(graph: GraphBuilder, x: Ref): Ref {
  const axis = graph.integers(-1);
  const attributes = { T: typeAttribute(x.type), num_split: intAttribute(2) };
  const values = graph.add('Split', { op: 'Split', input: [axis.name, x.name], attributes }, x.type);
  return mul(graph, values, graph.op('Sigmoid', [{ ...values, name: `${values.name}:1` }]));
}

function sparsePlus(graph: GraphBuilder, x: Ref): Ref {
  const parabola = mul(graph, graph.op('Square', [add(graph, clip(graph, x, -1, 1), 1)]), 0.25);
  return add(graph, parabola, graph.op('Relu', [sub(graph, x, 1)]));
}

/** As `sparsemax` computes it: the support is where `1 + rank * sorted > sum of the sorted so far`. */
function sparsemax(graph: GraphBuilder, x: Ref, width: number | null): Ref {
  if (width === null) throw unknownWidth();
  const shifted = sub(graph, x, reduce(graph, 'Max', x));
  const sorted = graph.op('TopKV2', [shifted, graph.integers(width)], { sorted: boolAttribute(true) });
  const ranks = graph.floats(
    Float32Array.from({ length: width }, (_, index) => index + 1),
    [width],
  );
  const sums = graph.op('Cumsum', [sorted, graph.integers(-1)], {
    exclusive: boolAttribute(false),
    reverse: boolAttribute(false),
    Tidx: typeAttribute(DataType.DT_INT32),
  });
  const support = cast(graph, greater(graph, add(graph, mul(graph, sorted, ranks), 1), sums));
  const excess = sub(graph, reduce(graph, 'Sum', mul(graph, sorted, support)), 1);
  return graph.op('Relu', [sub(graph, shifted, graph.op('RealDiv', [excess, reduce(graph, 'Sum', support)]))]);
}

function unknownWidth(): GradstreamError {
  return new GradstreamError('GS_EXPORT_ACTIVATION', {
    where: 'exporters/savedModel',
    what: 'sparsemax sorts along the last dimension, whose size is not known',
    expected: 'a known size',
    received: 'null',
    next: 'Give the last dimension of the input shape a size.',
  });
}

/** `(x + sqrt(x^2 + 4)) / 2`, below 0 as `2 / (sqrt(x^2 + 4) - x)`, which keeps its digits. */
function squareplus(graph: GraphBuilder, x: Ref): Ref {
  const twice = add(graph, graph.op('Sqrt', [add(graph, graph.op('Square', [x]), 4)]), graph.op('Abs', [x]));
  const below = graph.op('RealDiv', [2, twice]);
  const isAbove = graph.op('GreaterEqual', [x, 0], {}, DataType.DT_BOOL);
  return graph.op('SelectV2', [isAbove, mul(graph, twice, 0.5), below], { T: typeAttribute(x.type) }, x.type);
}

/** The nodes of every activation that a name alone describes, by that name. */
export const ACTIVATION_NODES: Readonly<Record<string, ActivationNodes>> = {
  celu: one('Elu'),
  elu: one('Elu'),
  exponential: one('Exp'),
  gelu,
  glu,
  hardShrink,
  hardSigmoid,
  hardSilu: (graph, x) => mul(graph, x, hardSigmoid(graph, x)),
  hardTanh: (graph, x) => clip(graph, x, -1, 1),
  leakyRelu: (graph, x) => graph.op('LeakyRelu', [x], { alpha: floatAttribute(0.2) }),
  linear: (_, x) => x,
  logSigmoid: (graph, x) => graph.op('Neg', [graph.op('Softplus', [graph.op('Neg', [x])])]),
  logSoftmax: one('LogSoftmax'),
  mish: (graph, x) => mul(graph, x, graph.op('Tanh', [graph.op('Softplus', [x])])),
  relu: one('Relu'),
  relu6: one('Relu6'),
  selu: one('Selu'),
  sigmoid: one('Sigmoid'),
  silu: (graph, x) => mul(graph, x, graph.op('Sigmoid', [x])),
  softShrink: (graph, x) => sub(graph, x, clip(graph, x, -0.5, 0.5)),
  softmax: one('Softmax'),
  softplus: one('Softplus'),
  softsign: one('Softsign'),
  sparsePlus,
  sparseSigmoid: (graph, x) => clip(graph, mul(graph, add(graph, x, 1), 0.5), 0, 1),
  sparsemax,
  squareplus,
  tanh: one('Tanh'),
  tanhShrink: (graph, x) => sub(graph, x, graph.op('Tanh', [x])),
};
