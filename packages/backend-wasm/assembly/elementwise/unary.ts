import { Unary } from '../../src/internal/codes';
import { Job, argument, floatArgument, lanes, setArgument, setFloatArgument } from '../pool/job';
import { parallel } from '../pool/parallel';
import { Constant, constant } from '../simd/constants';
import { erf, exp, expm1, sigmoid, tanh } from '../simd/exp';
import { expPair, sigmoidPair } from '../simd/exp-pair';
import { log, log1p, softplus } from '../simd/log';
import { wide } from '../simd/wide';

/** Bytes that one unit of work covers when there are threads. */
export const UNIT_BYTES: usize = 65536;


// pmax and pmin are one instruction where max and min are eight; they keep the first argument where it is NaN.
// @ts-ignore: decorator
@inline
function apply(op: i32, x: v128, p0: v128, p1: v128): v128 {
  const zero = f32x4.splat(0);
  if (op == Unary.Abs) return v128.and(x, p0);
  if (op == Unary.Neg) return v128.xor(x, p0);
  if (op == Unary.Square) return f32x4.mul(x, x);
  if (op == Unary.Sqrt) return f32x4.sqrt(x);
  if (op == Unary.Rsqrt) return f32x4.div(p0, f32x4.sqrt(x));
  if (op == Unary.Reciprocal) return f32x4.div(p0, x);
  if (op == Unary.Ceil) return f32x4.ceil(x);
  if (op == Unary.Floor) return f32x4.floor(x);
  if (op == Unary.Round) return f32x4.nearest(x);
  // The sign of NaN is 0.
  if (op == Unary.Sign) return f32x4.sub(v128.and(f32x4.gt(x, zero), p0), v128.and(f32x4.lt(x, zero), p0));
  if (op == Unary.Relu) return f32x4.pmax(x, zero);
  if (op == Unary.Relu6) return f32x4.pmin(f32x4.pmax(x, zero), p0);
  if (op == Unary.LeakyRelu) return v128.bitselect(f32x4.mul(x, p0), x, f32x4.lt(x, zero));
  if (op == Unary.Elu) return v128.bitselect(expm1(x), x, f32x4.lt(x, zero));
  if (op == Unary.Selu) return f32x4.mul(v128.bitselect(f32x4.mul(expm1(x), constant(Constant.SELU_ALPHA)), x, f32x4.lt(x, zero)), constant(Constant.SELU_SCALE));
  // NaN stays; above 0 is 1; the rest is the slope.
  if (op == Unary.Step) return v128.bitselect(v128.bitselect(p1, p0, f32x4.gt(x, zero)), x, f32x4.eq(x, x));
  if (op == Unary.Exp) return exp(x);
  if (op == Unary.Expm1) return expm1(x);
  if (op == Unary.Log) return log(x);
  if (op == Unary.Log1p) return log1p(x);
  if (op == Unary.Sigmoid) return sigmoid(x);
  if (op == Unary.Tanh) return tanh(x);
  if (op == Unary.Softplus) return softplus(x);
  if (op == Unary.Erf) return erf(x);
  if (op >= Unary.Sin && op <= Unary.Atanh) return wide(op, x);
  return f32x4.pmin(f32x4.pmax(x, p0), p1);
}

/** Whole vectors: blocks of the heap end on a multiple of them, so the last one may reach beyond the tensor. */
// @ts-ignore: decorator
@inline
function loop(op: i32, x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void {
  // Constants of the simple functions stay in a register.
  let first = f32x4.splat(p0), second = f32x4.splat(p1);
  if (op == Unary.Abs) first = constant(Constant.SIZE_BITS);
  if (op == Unary.Neg) first = constant(Constant.SIGN_BIT);
  if (op == Unary.Rsqrt || op == Unary.Reciprocal || op == Unary.Sign) first = constant(Constant.ONE);
  if (op == Unary.Relu6) first = constant(Constant.SIX);
  if (op == Unary.Step) second = constant(Constant.ONE);
  let i: usize = 0;
  if (op == Unary.Exp) for (; i + 32 <= bytes; i += 32) expPair(v128.load(x + i), v128.load(x + i, 16), y + i);
  if (op == Unary.Sigmoid) for (; i + 32 <= bytes; i += 32) sigmoidPair(v128.load(x + i), v128.load(x + i, 16), y + i);
  for (; i < bytes; i += 16) v128.store(y + i, apply(op, v128.load(x + i), first, second));
}

// One function each: V8 keeps the values of a small loop in registers and loses track of them in a function of many loops. `run` is inlined twice, so that
// none of these has a single caller, into which the compiler would inline it.
function absLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Abs, x, y, bytes, p0, p1); }
function negLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Neg, x, y, bytes, p0, p1); }
function squareLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Square, x, y, bytes, p0, p1); }
function sqrtLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Sqrt, x, y, bytes, p0, p1); }
function rsqrtLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Rsqrt, x, y, bytes, p0, p1); }
function reciprocalLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Reciprocal, x, y, bytes, p0, p1); }
function ceilLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Ceil, x, y, bytes, p0, p1); }
function floorLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Floor, x, y, bytes, p0, p1); }
function roundLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Round, x, y, bytes, p0, p1); }
function signLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Sign, x, y, bytes, p0, p1); }
function reluLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Relu, x, y, bytes, p0, p1); }
function relu6Loop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Relu6, x, y, bytes, p0, p1); }
function leakyReluLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.LeakyRelu, x, y, bytes, p0, p1); }
function eluLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Elu, x, y, bytes, p0, p1); }
function seluLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Selu, x, y, bytes, p0, p1); }
function stepLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Step, x, y, bytes, p0, p1); }
function expLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Exp, x, y, bytes, p0, p1); }
function expm1Loop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Expm1, x, y, bytes, p0, p1); }
function logLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Log, x, y, bytes, p0, p1); }
function log1pLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Log1p, x, y, bytes, p0, p1); }
function sigmoidLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Sigmoid, x, y, bytes, p0, p1); }
function tanhLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Tanh, x, y, bytes, p0, p1); }
function softplusLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Softplus, x, y, bytes, p0, p1); }
function erfLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Erf, x, y, bytes, p0, p1); }
function sinLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Sin, x, y, bytes, p0, p1); }
function cosLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Cos, x, y, bytes, p0, p1); }
function tanLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Tan, x, y, bytes, p0, p1); }
function asinLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Asin, x, y, bytes, p0, p1); }
function acosLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Acos, x, y, bytes, p0, p1); }
function atanLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Atan, x, y, bytes, p0, p1); }
function sinhLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Sinh, x, y, bytes, p0, p1); }
function coshLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Cosh, x, y, bytes, p0, p1); }
function asinhLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Asinh, x, y, bytes, p0, p1); }
function acoshLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Acosh, x, y, bytes, p0, p1); }
function atanhLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.Atanh, x, y, bytes, p0, p1); }
function clipByValueLoop(x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void { loop(Unary.ClipByValue, x, y, bytes, p0, p1); }

// @ts-ignore: decorator
@inline
function run(op: i32, x: usize, y: usize, bytes: usize, p0: f32, p1: f32): void {
  switch (op) {
    case Unary.Abs: absLoop(x, y, bytes, p0, p1); break;
    case Unary.Neg: negLoop(x, y, bytes, p0, p1); break;
    case Unary.Square: squareLoop(x, y, bytes, p0, p1); break;
    case Unary.Sqrt: sqrtLoop(x, y, bytes, p0, p1); break;
    case Unary.Rsqrt: rsqrtLoop(x, y, bytes, p0, p1); break;
    case Unary.Reciprocal: reciprocalLoop(x, y, bytes, p0, p1); break;
    case Unary.Ceil: ceilLoop(x, y, bytes, p0, p1); break;
    case Unary.Floor: floorLoop(x, y, bytes, p0, p1); break;
    case Unary.Round: roundLoop(x, y, bytes, p0, p1); break;
    case Unary.Sign: signLoop(x, y, bytes, p0, p1); break;
    case Unary.Relu: reluLoop(x, y, bytes, p0, p1); break;
    case Unary.Relu6: relu6Loop(x, y, bytes, p0, p1); break;
    case Unary.LeakyRelu: leakyReluLoop(x, y, bytes, p0, p1); break;
    case Unary.Elu: eluLoop(x, y, bytes, p0, p1); break;
    case Unary.Selu: seluLoop(x, y, bytes, p0, p1); break;
    case Unary.Step: stepLoop(x, y, bytes, p0, p1); break;
    case Unary.Exp: expLoop(x, y, bytes, p0, p1); break;
    case Unary.Expm1: expm1Loop(x, y, bytes, p0, p1); break;
    case Unary.Log: logLoop(x, y, bytes, p0, p1); break;
    case Unary.Log1p: log1pLoop(x, y, bytes, p0, p1); break;
    case Unary.Sigmoid: sigmoidLoop(x, y, bytes, p0, p1); break;
    case Unary.Tanh: tanhLoop(x, y, bytes, p0, p1); break;
    case Unary.Softplus: softplusLoop(x, y, bytes, p0, p1); break;
    case Unary.Erf: erfLoop(x, y, bytes, p0, p1); break;
    case Unary.Sin: sinLoop(x, y, bytes, p0, p1); break;
    case Unary.Cos: cosLoop(x, y, bytes, p0, p1); break;
    case Unary.Tan: tanLoop(x, y, bytes, p0, p1); break;
    case Unary.Asin: asinLoop(x, y, bytes, p0, p1); break;
    case Unary.Acos: acosLoop(x, y, bytes, p0, p1); break;
    case Unary.Atan: atanLoop(x, y, bytes, p0, p1); break;
    case Unary.Sinh: sinhLoop(x, y, bytes, p0, p1); break;
    case Unary.Cosh: coshLoop(x, y, bytes, p0, p1); break;
    case Unary.Asinh: asinhLoop(x, y, bytes, p0, p1); break;
    case Unary.Acosh: acoshLoop(x, y, bytes, p0, p1); break;
    case Unary.Atanh: atanhLoop(x, y, bytes, p0, p1); break;
    default: clipByValueLoop(x, y, bytes, p0, p1);
  }
}

/** y = op(x) for n elements; y may be x. p0 and p1 are what the function takes beside x. */
export function unary(op: i32, x: usize, y: usize, n: usize, p0: f32, p1: f32): void {
  const bytes = n << 2;
  if (bytes <= UNIT_BYTES || lanes() == 1) {
    run(op, x, y, bytes, p0, p1);
    return;
  }
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
