import { Activation } from '../../src/internal/codes';
import { Fused, runSpans, spanBegin, spanEnd } from '../fused/span';
import { argument, setArgument } from '../pool/job';

/** 1 above 0, else 0; NaN stays. */
// @ts-ignore: decorator
@inline
function step(x: v128): v128 {
  const zero = f32x4.splat(0);
  return v128.bitselect(v128.and(f32x4.gt(x, zero), f32x4.splat(1)), x, f32x4.eq(x, x));
}

// @ts-ignore: decorator
@inline
function apply(activation: i32, dy: v128, y: v128): v128 {
  if (activation == Activation.Relu) return f32x4.mul(dy, step(y));
  if (activation == Activation.Relu6) return f32x4.mul(f32x4.mul(dy, step(y)), step(f32x4.sub(f32x4.splat(6), y)));
  if (activation == Activation.Sigmoid) return f32x4.mul(dy, f32x4.sub(y, f32x4.mul(y, y)));
  if (activation == Activation.Tanh) return f32x4.sub(dy, f32x4.mul(dy, f32x4.mul(y, y)));
  return v128.bitselect(dy, f32x4.mul(dy, f32x4.add(y, f32x4.splat(1))), f32x4.ge(y, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function loop(activation: i32, dy: usize, y: usize, dx: usize, i: usize, end: usize): void {
  for (; i < end; i += 16) v128.store(dx + i, apply(activation, v128.load(dy + i), v128.load(y + i)));
}

function relu(dy: usize, y: usize, dx: usize, i: usize, end: usize): void { loop(Activation.Relu, dy, y, dx, i, end); }
function relu6(dy: usize, y: usize, dx: usize, i: usize, end: usize): void { loop(Activation.Relu6, dy, y, dx, i, end); }
function sigmoid(dy: usize, y: usize, dx: usize, i: usize, end: usize): void { loop(Activation.Sigmoid, dy, y, dx, i, end); }
function tanh(dy: usize, y: usize, dx: usize, i: usize, end: usize): void { loop(Activation.Tanh, dy, y, dx, i, end); }
function elu(dy: usize, y: usize, dx: usize, i: usize, end: usize): void { loop(Activation.Elu, dy, y, dx, i, end); }

/** dx = dy times the slope of an activation at its result y, for n elements: the same operations as single kernels do, so the same bits. */
export function activationGradient(activation: i32, dy: usize, y: usize, dx: usize, n: usize): void {
  setArgument(0, activation);
  setArgument(1, <u32>dy);
  setArgument(2, <u32>y);
  setArgument(3, <u32>dx);
  runSpans(Fused.ActivationGradient, n << 2);
}

export function activationGradientUnit(unit: i32): void {
  const activation = <i32>argument(0);
  const dy = <usize>argument(1), y = <usize>argument(2), dx = <usize>argument(3);
  const begin = spanBegin(unit), end = spanEnd(unit);
  if (activation == Activation.Relu) relu(dy, y, dx, begin, end);
  else if (activation == Activation.Relu6) relu6(dy, y, dx, begin, end);
  else if (activation == Activation.Sigmoid) sigmoid(dy, y, dx, begin, end);
  else if (activation == Activation.Tanh) tanh(dy, y, dx, begin, end);
  else elu(dy, y, dx, begin, end);
}
