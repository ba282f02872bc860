import { Rule } from '../../src/internal/codes';
import { Fused, runSpans, spanBegin, spanEnd } from '../fused/span';
import { Constant, constant } from '../simd/constants';
import { normal, normalSize, normalSquare } from '../simd/normal';
import { argument, floatArgument, setArgument, setFloatArgument } from '../pool/job';

/**
 * One step of one weight of n elements, in one pass over memory.
 *
 * g: the gradient, times `before`; w: the weight, or 0 where it does not decay; a, b, c: the rule's memory, in its order, and aOut, bOut, cOut where its next
 * memory goes, which may be where it was; u: where the update goes, the rule's direction times `after` plus `decay` times the weight, or, with `adds`, what it
 * is added to. p, q, s: what the rule takes. Multiplications and additions are those of single kernels, in their order and never fused, so both give the same
 * bits; but what is remembered is 0 instead of subnormal, which would slow every later step down.
 */
export function optimizer(
  rule: i32, n: usize, g: usize, w: usize, a: usize, b: usize, c: usize, u: usize, aOut: usize, bOut: usize, cOut: usize,
  before: f32, after: f32, decay: f32, p: f32, q: f32, s: f32, adds: bool,
): void {
  setArgument(0, rule);
  setArgument(1, <u32>g);
  setArgument(2, <u32>w);
  setArgument(3, <u32>a);
  setArgument(4, <u32>b);
  setArgument(5, <u32>c);
  setArgument(6, <u32>u);
  setArgument(7, <u32>aOut);
  setArgument(8, <u32>bOut);
  setArgument(9, <u32>cOut);
  setFloatArgument(10, before);
  setFloatArgument(11, after);
  setFloatArgument(12, decay);
  setFloatArgument(13, p);
  setFloatArgument(14, q);
  setFloatArgument(15, s);
  setArgument(16, adds);
  runSpans(Fused.Optimizer, n << 2);
}

// @ts-ignore: decorator
@inline
function loop(rule: i32, decays: bool, i: usize, end: usize): void {
  const g = <usize>argument(1), w = <usize>argument(2), a = <usize>argument(3), b = <usize>argument(4), c = <usize>argument(5);
  const u = <usize>argument(6), aOut = <usize>argument(7), bOut = <usize>argument(8), cOut = <usize>argument(9);
  const before = f32x4.splat(floatArgument(10)), after = f32x4.splat(floatArgument(11)), decay = f32x4.splat(floatArgument(12));
  const p = f32x4.splat(floatArgument(13)), q = f32x4.splat(floatArgument(14)), s = f32x4.splat(floatArgument(15));
  const adds = argument(16) != 0;
  for (; i < end; i += 16) {
    const x = f32x4.mul(v128.load(g + i), before);
    let y = x;
    if (rule == Rule.Momentum || rule == Rule.Nesterov) {
      const velocity = normal(f32x4.add(f32x4.mul(v128.load(a + i), p), x));
      v128.store(aOut + i, velocity);
      y = rule == Rule.Nesterov ? f32x4.add(f32x4.mul(velocity, p), x) : velocity;
    } else if (rule == Rule.Rms || rule == Rule.CenteredRms) {
      const squares = normalSize(f32x4.add(f32x4.mul(v128.load(a + i), p), normalSquare(x)));
      v128.store(aOut + i, squares);
      let variance = squares;
      if (rule == Rule.CenteredRms) {
        const sums = normal(f32x4.add(f32x4.mul(v128.load(b + i), p), x));
        v128.store(bOut + i, sums);
        variance = f32x4.sub(squares, f32x4.mul(f32x4.mul(sums, sums), s));
      }
      y = f32x4.div(x, f32x4.sqrt(f32x4.add(variance, q)));
    } else if (rule == Rule.Adam || rule == Rule.Amsgrad) {
      const sums = normal(f32x4.add(f32x4.mul(v128.load(a + i), p), x));
      const squares = normalSize(f32x4.add(f32x4.mul(v128.load(b + i), q), normalSquare(x)));
      v128.store(aOut + i, sums);
      v128.store(bOut + i, squares);
      let largest = squares;
      if (rule == Rule.Amsgrad) {
        largest = f32x4.max(v128.load(c + i), squares);
        v128.store(cOut + i, largest);
      }
      y = f32x4.div(sums, f32x4.add(f32x4.sqrt(largest), s));
    } else if (rule == Rule.Adagrad) {
      const squares = f32x4.add(v128.load(a + i), normalSquare(x));
      v128.store(aOut + i, squares);
      y = f32x4.div(x, f32x4.sqrt(f32x4.add(squares, q)));
    } else if (rule == Rule.Adamax) {
      const sums = normal(f32x4.add(f32x4.mul(v128.load(a + i), p), x));
      const largest = normalSize(f32x4.max(f32x4.mul(v128.load(b + i), q), f32x4.abs(x)));
      v128.store(aOut + i, sums);
      v128.store(bOut + i, largest);
      y = f32x4.div(sums, f32x4.add(largest, s));
    } else if (rule == Rule.Lion) {
      const mean = v128.load(a + i);
      const one = constant(Constant.ONE);
      const direction = f32x4.add(f32x4.mul(mean, p), f32x4.mul(x, f32x4.sub(one, p)));
      v128.store(aOut + i, normal(f32x4.add(f32x4.mul(mean, q), f32x4.mul(x, f32x4.sub(one, q)))));
      // The sign; NaN stays NaN, so that a broken run shows.
      const zero = f32x4.splat(0);
      const sign = f32x4.sub(v128.and(f32x4.gt(direction, zero), one), v128.and(f32x4.lt(direction, zero), one));
      y = v128.bitselect(sign, direction, f32x4.eq(direction, direction));
    }
    y = f32x4.mul(y, after);
    if (decays) y = f32x4.add(y, f32x4.mul(v128.load(w + i), decay));
    if (adds) y = f32x4.add(v128.load(u + i), y);
    v128.store(u + i, y);
  }
}

// One function each: V8 keeps the values of a loop in registers when nothing else is in its function.
function scale(begin: usize, end: usize): void { loop(Rule.Scale, false, begin, end); }
function momentum(begin: usize, end: usize): void { loop(Rule.Momentum, false, begin, end); }
function nesterov(begin: usize, end: usize): void { loop(Rule.Nesterov, false, begin, end); }
function rms(begin: usize, end: usize): void { loop(Rule.Rms, false, begin, end); }
function centeredRms(begin: usize, end: usize): void { loop(Rule.CenteredRms, false, begin, end); }
function adam(begin: usize, end: usize): void { loop(Rule.Adam, false, begin, end); }
function amsgrad(begin: usize, end: usize): void { loop(Rule.Amsgrad, false, begin, end); }
function adagrad(begin: usize, end: usize): void { loop(Rule.Adagrad, false, begin, end); }
function adamax(begin: usize, end: usize): void { loop(Rule.Adamax, false, begin, end); }
function lion(begin: usize, end: usize): void { loop(Rule.Lion, false, begin, end); }
function scaleDecayed(begin: usize, end: usize): void { loop(Rule.Scale, true, begin, end); }
function momentumDecayed(begin: usize, end: usize): void { loop(Rule.Momentum, true, begin, end); }
function nesterovDecayed(begin: usize, end: usize): void { loop(Rule.Nesterov, true, begin, end); }
function rmsDecayed(begin: usize, end: usize): void { loop(Rule.Rms, true, begin, end); }
function centeredRmsDecayed(begin: usize, end: usize): void { loop(Rule.CenteredRms, true, begin, end); }
function adamDecayed(begin: usize, end: usize): void { loop(Rule.Adam, true, begin, end); }
function amsgradDecayed(begin: usize, end: usize): void { loop(Rule.Amsgrad, true, begin, end); }
function adagradDecayed(begin: usize, end: usize): void { loop(Rule.Adagrad, true, begin, end); }
function adamaxDecayed(begin: usize, end: usize): void { loop(Rule.Adamax, true, begin, end); }
function lionDecayed(begin: usize, end: usize): void { loop(Rule.Lion, true, begin, end); }

export function optimizerUnit(unit: i32): void {
  const begin = spanBegin(unit), end = spanEnd(unit);
  if (argument(2)) {
    switch (argument(0)) {
      case Rule.Scale: scaleDecayed(begin, end); break;
      case Rule.Momentum: momentumDecayed(begin, end); break;
      case Rule.Nesterov: nesterovDecayed(begin, end); break;
      case Rule.Rms: rmsDecayed(begin, end); break;
      case Rule.CenteredRms: centeredRmsDecayed(begin, end); break;
      case Rule.Adam: adamDecayed(begin, end); break;
      case Rule.Amsgrad: amsgradDecayed(begin, end); break;
      case Rule.Adagrad: adagradDecayed(begin, end); break;
      case Rule.Adamax: adamaxDecayed(begin, end); break;
      default: lionDecayed(begin, end);
    }
    return;
  }
  switch (argument(0)) {
    case Rule.Scale: scale(begin, end); break;
    case Rule.Momentum: momentum(begin, end); break;
    case Rule.Nesterov: nesterov(begin, end); break;
    case Rule.Rms: rms(begin, end); break;
    case Rule.CenteredRms: centeredRms(begin, end); break;
    case Rule.Adam: adam(begin, end); break;
    case Rule.Amsgrad: amsgrad(begin, end); break;
    case Rule.Adagrad: adagrad(begin, end); break;
    case Rule.Adamax: adamax(begin, end); break;
    default: lion(begin, end);
  }
}
