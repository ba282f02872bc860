import { storePart } from '../elementwise/binary';
import { Job } from '../pool/job';
import { parallel } from '../pool/parallel';
import { AVERAGE, Pooling, cells, endCell, firstCell, pooling } from './window';

/** y = the maximum or the average of each window's cells that exist. A maximum passes over NaN; an average of no cell is 0. */
export function pool(): void {
  const g = pooling();
  parallel(Job.Pool, g.batch * g.outDepth * g.outHeight);
}

/** One row of the output. */
export function poolUnit(unit: i32): void {
  const g = pooling();
  if (g.kind == AVERAGE) row(g, true, unit);
  else row(g, false, unit);
}

// @ts-ignore: decorator
@inline
function combine(average: bool, a: v128, b: v128): v128 { return average ? f32x4.add(a, b) : f32x4.pmax(a, b); }

// @ts-ignore: decorator
@inline
function row(g: Pooling, average: bool, unit: i32): void {
  const pixel = <usize>g.channels << 2;
  const rowBytes = <usize>g.width * pixel;
  const planeBytes = <usize>g.height * rowBytes;
  const image = unit / (g.outDepth * g.outHeight);
  const z = unit / g.outHeight % g.outDepth * g.strideDepth - g.padFront;
  const y = unit % g.outHeight * g.strideHeight - g.padTop;
  const z0 = firstCell(z, g.dilationDepth), z1 = endCell(z, g.sizeDepth, g.dilationDepth, g.depth);
  const y0 = firstCell(y, g.dilationHeight), y1 = endCell(y, g.sizeHeight, g.dilationHeight, g.height);
  const from = g.x + <usize>image * <usize>g.depth * planeBytes;
  const across = cells(z0, z1, g.dilationDepth) * cells(y0, y1, g.dilationHeight);
  const start = average ? f32x4.splat(0) : f32x4.splat(-Infinity);
  let to = g.y + <usize>unit * <usize>g.outWidth * pixel;
  for (let column = 0; column < g.outWidth; column++) {
    const x = column * g.strideWidth - g.padLeft;
    const x0 = firstCell(x, g.dilationWidth), x1 = endCell(x, g.sizeWidth, g.dilationWidth, g.width);
    const count = f32x4.splat(<f32>max(1, across * cells(x0, x1, g.dilationWidth)));
    let c: usize = 0;
    for (; c + 64 <= pixel; c += 64) {
      let v0 = start, v1 = start, v2 = start, v3 = start;
      for (let zz = z0; zz < z1; zz += g.dilationDepth) {
        for (let yy = y0; yy < y1; yy += g.dilationHeight) {
          const line = from + <usize>zz * planeBytes + <usize>yy * rowBytes + c;
          for (let xx = x0; xx < x1; xx += g.dilationWidth) {
            const at = line + <usize>xx * pixel;
            v0 = combine(average, v0, v128.load(at));
            v1 = combine(average, v1, v128.load(at, 16));
            v2 = combine(average, v2, v128.load(at, 32));
            v3 = combine(average, v3, v128.load(at, 48));
          }
        }
      }
      if (average) { v0 = f32x4.div(v0, count); v1 = f32x4.div(v1, count); v2 = f32x4.div(v2, count); v3 = f32x4.div(v3, count); }
      v128.store(to + c, v0);
      v128.store(to + c, v1, 16);
      v128.store(to + c, v2, 32);
      v128.store(to + c, v3, 48);
    }
    for (; c < pixel; c += 16) {
      let v = start;
      for (let zz = z0; zz < z1; zz += g.dilationDepth) {
        for (let yy = y0; yy < y1; yy += g.dilationHeight) {
          const line = from + <usize>zz * planeBytes + <usize>yy * rowBytes + c;
          for (let xx = x0; xx < x1; xx += g.dilationWidth) v = combine(average, v, v128.load(line + <usize>xx * pixel));
        }
      }
      if (average) v = f32x4.div(v, count);
      if (pixel - c >= 16) v128.store(to + c, v);
      else storePart(to + c, v, (pixel - c) >> 2);
    }
    to += pixel;
  }
}
