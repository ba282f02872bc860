import { Unary } from '../../src/internal/codes';
import { Job, argument, floatArgument, lanes, setArgument, setFloatArgument } from '../pool/job';
import { parallel } from '../pool/parallel';
import { erf, exp, expm1, sigmoid, tanh } from '../simd/exp';
import { log, log1p, softplus } from '../simd/log';

/** Bytes that one unit of work covers when there are threads. */
export const UNIT_BYTES: usize = 65536;

const SELU_SCALE: f32 = 1.0507009873554805;
const SELU_ALPHA: f32 = 1.6732632423543772;

// @ts-ignore: decorator
@inline
function apply(op: i32, x: v128, p0: v128, p1: v128): v128 {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  if (op == Unary.Abs) return f32x4.abs(x);
  if (op == Unary.Neg) return f32x4.neg(x);
  if (op == Unary.Square) return f32x4.mul(x, x);
  if (op == Unary.Sqrt) return f32x4.sqrt(x);
  if (op == Unary.Rsqrt) return f32x4.div(one, f32x4.sqrt(x));
  if (op == Unary.Reciprocal) return f32x4.div(one, x);
  if (op == Unary.Ceil) return f32x4.ceil(x);
  if (op == Unary.Floor) return f32x4.floor(x);
  if (op == Unary.Round) return f32x4.nearest(x);
  // The sign of NaN is 0.
  if (op == Unary.Sign) return f32x4.sub(v128.and(f32x4.gt(x, zero), one), v128.and(f32x4.lt(x, zero), one));
  if (op == Unary.Relu) return f32x4.max(x, zero);
  if (op == Unary.Relu6) return f32x4.min(f32x4.max(x, zero), f32x4.splat(6));
  if (op == Unary.LeakyRelu) return v128.bitselect(f32x4.mul(x, p0), x, f32x4.lt(x, zero));
  if (op == Unary.Elu) return v128.bitselect(expm1(x), x, f32x4.lt(x, zero));
  if (op == Unary.Selu) return f32x4.mul(v128.bitselect(f32x4.mul(expm1(x), f32x4.splat(SELU_ALPHA)), x, f32x4.lt(x, zero)), f32x4.splat(SELU_SCALE));
  // NaN stays; above 0 is 1; the rest is the slope.
  if (op == Unary.Step) return v128.bitselect(v128.bitselect(one, p0, f32x4.gt(x, zero)), x, f32x4.eq(x, x));
  if (op == Unary.Exp) return exp(x);
  if (op == Unary.Expm1) return expm1(x);
  if (op == Unary.Log) return log(x);
  if (op == Unary.Log1p) return log1p(x);
  if (op == Unary.Sigmoid) return sigmoid(x);
  if (op == Unary.Tanh) return tanh(x);
  if (op == Unary.Softplus) return softplus(x);
  if (op == Unary.Erf) return erf(x);
  return f32x4.min(f32x4.max(x, p0), p1);
}

/** Whole vectors: blocks of the heap end on a multiple of them, so the last one may reach beyond the tensor. */
// @ts-ignore: decorator
@inline
function loop(op: i32, x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void {
  const first = f32x4.splat(p0), second = f32x4.splat(p1);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(y + i, apply(op, v128.load(x + i), first, second));
}

function run(op: i32, x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void {
  switch (op) {
    case Unary.Abs: loop(Unary.Abs, x, y, bytes, p0, p1); break;
    case Unary.Neg: loop(Unary.Neg, x, y, bytes, p0, p1); break;
    case Unary.Square: loop(Unary.Square, x, y, bytes, p0, p1); break;
    case Unary.Sqrt: loop(Unary.Sqrt, x, y, bytes, p0, p1); break;
    case Unary.Rsqrt: loop(Unary.Rsqrt, x, y, bytes, p0, p1); break;
    case Unary.Reciprocal: loop(Unary.Reciprocal, x, y, bytes, p0, p1); break;
    case Unary.Ceil: loop(Unary.Ceil, x, y, bytes, p0, p1); break;
    case Unary.Floor: loop(Unary.Floor, x, y, bytes, p0, p1); break;
    case Unary.Round: loop(Unary.Round, x, y, bytes, p0, p1); break;
    case Unary.Sign: loop(Unary.Sign, x, y, bytes, p0, p1); break;
    case Unary.Relu: loop(Unary.Relu, x, y, bytes, p0, p1); break;
    case Unary.Relu6: loop(Unary.Relu6, x, y, bytes, p0, p1); break;
    case Unary.LeakyRelu: loop(Unary.LeakyRelu, x, y, bytes, p0, p1); break;
    case Unary.Elu: loop(Unary.Elu, x, y, bytes, p0, p1); break;
    case Unary.Selu: loop(Unary.Selu, x, y, bytes, p0, p1); break;
    case Unary.Step: loop(Unary.Step, x, y, bytes, p0, p1); break;
    case Unary.Exp: loop(Unary.Exp, x, y, bytes, p0, p1); break;
    case Unary.Expm1: loop(Unary.Expm1, x, y, bytes, p0, p1); break;
    case Unary.Log: loop(Unary.Log, x, y, bytes, p0, p1); break;
    case Unary.Log1p: loop(Unary.Log1p, x, y, bytes, p0, p1); break;
    case Unary.Sigmoid: loop(Unary.Sigmoid, x, y, bytes, p0, p1); break;
    case Unary.Tanh: loop(Unary.Tanh, x, y, bytes, p0, p1); break;
    case Unary.Softplus: loop(Unary.Softplus, x, y, bytes, p0, p1); break;
    case Unary.Erf: loop(Unary.Erf, x, y, bytes, p0, p1); break;
    default: loop(Unary.ClipByValue, x, y, bytes, p0, p1);
  }
}

/** y = op(x) for n elements; y may be x. p0 and p1 are what the function takes beside x. */
export function unary(op: i32, x: usize, y: usize, n: usize, p0: f32, p1: f32): void {
  const bytes = n << 2;
  if (bytes <= UNIT_BYTES || lanes() == 1) return run(op, x, y, bytes, p0, p1);
  setArgument(0, op);
  setArgument(1, <u32>x);
  setArgument(2, <u32>y);
  setArgument(3, <u32>bytes);
  setFloatArgument(4, p0);
  setFloatArgument(5, p1);
  parallel(Job.Unary, <i32>((bytes + UNIT_BYTES - 1) / UNIT_BYTES));
}

export function unaryUnit(unit: i32): void {
  const first = <usize>unit * UNIT_BYTES;
  run(argument(0), argument(1) + first, argument(2) + first, min(UNIT_BYTES, <usize>argument(3) - first), floatArgument(4), floatArgument(5));
}
