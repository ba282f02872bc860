import { storePart } from '../elementwise/binary';
import { Job, lanes } from '../pool/job';
import { parallel } from '../pool/parallel';
import { AVERAGE, MAXIMUM, Pooling, cells, endCell, firstCell, pooling } from './window';

/**
 * dx = the gradient of the input. Of a maximum: each window's gradient goes to its first largest cell. Of an average: it goes in equal parts to the cells that
 * exist. Units are images, or channels of one: windows that overlap are added in their order.
 */
export function poolGradient(): void {
  const g = pooling();
  const wanted = lanes() == 1 ? 1 : (lanes() * 3 + g.batch - 1) / g.batch;
  // Whole cache lines of channels.
  g.sliceChannels = max(16, ((g.channels + wanted - 1) / wanted + 15) & ~15);
  g.slices = (g.channels + g.sliceChannels - 1) / g.sliceChannels;
  g.exact = g.kind == MAXIMUM && isExact(g.padFront, g.sizeDepth, g.strideDepth, g.outDepth, g.depth) && isExact(g.padTop, g.sizeHeight, g.strideHeight, g.outHeight, g.height)
    && isExact(g.padLeft, g.sizeWidth, g.strideWidth, g.outWidth, g.width)
    && g.sizeDepth == 1 && g.sizeHeight == 2 && g.sizeWidth == 2 && g.dilationHeight == 1 && g.dilationWidth == 1;
  parallel(Job.PoolGradient, g.batch * g.slices);
}

/** Whether windows lie side by side along one axis and cover all of it. */
// @ts-ignore: decorator
@inline
function isExact(pad: i32, size: i32, stride: i32, windows: i32, length: i32): bool { return pad == 0 && size == stride && windows * stride == length; }

export function poolGradientUnit(unit: i32): void {
  const g = pooling();
  const image = unit / g.slices;
  const slice = unit % g.slices;
  const pixel = <usize>g.channels << 2;
  const first = <usize>(slice * g.sliceChannels) << 2;
  const bytes = min(<usize>g.sliceChannels << 2, pixel - first);
  const pixels = <usize>g.depth * <usize>g.height * <usize>g.width;
  const begin = g.dx + <usize>image * pixels * pixel;
  if (g.exact) {
    // Each cell is written once.
  } else if (bytes == pixel) {
    memory.fill(begin, 0, pixels * pixel);
  } else {
    for (let p: usize = 0; p < pixels; p++) memory.fill(begin + p * pixel + first, 0, bytes);
  }
  const rowBytes = <usize>g.width * pixel;
  const planeBytes = <usize>g.height * rowBytes;
  const offset = <usize>image * <usize>g.depth * planeBytes;
  let dy = g.y + <usize>image * <usize>g.outDepth * <usize>g.outHeight * <usize>g.outWidth * pixel;
  for (let plane = 0; plane < g.outDepth; plane++) {
    const z = plane * g.strideDepth - g.padFront;
    const z0 = firstCell(z, g.dilationDepth), z1 = endCell(z, g.sizeDepth, g.dilationDepth, g.depth);
    for (let row = 0; row < g.outHeight; row++) {
      const y = row * g.strideHeight - g.padTop;
      const y0 = firstCell(y, g.dilationHeight), y1 = endCell(y, g.sizeHeight, g.dilationHeight, g.height);
      for (let column = 0; column < g.outWidth; column++) {
        const x = column * g.strideWidth - g.padLeft;
        const x0 = firstCell(x, g.dilationWidth), x1 = endCell(x, g.sizeWidth, g.dilationWidth, g.width);
        const at = offset + <usize>z0 * planeBytes + <usize>y0 * rowBytes + <usize>x0 * pixel;
        const planes = cells(z0, z1, g.dilationDepth), rows = cells(y0, y1, g.dilationHeight), columns = cells(x0, x1, g.dilationWidth);
        if (g.kind != MAXIMUM) averageWindow(g, at, dy, first, first + bytes, planes, rows, columns);
        else if (g.exact) maximumOfFour(g, false, at, dy, first, first + bytes);
        else if (planes == 1 && rows == 2 && columns == 2) maximumOfFour(g, true, at, dy, first, first + bytes);
        else maximumWindow(g, at, dy, first, first + bytes, planes, rows, columns);
        dy += pixel;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, v: v128, bytes: usize): void {
  const sum = f32x4.add(v128.load(at), v);
  if (bytes >= 16) v128.store(at, sum);
  else storePart(at, sum, bytes >> 2);
}

// @ts-ignore: decorator
@inline
function put(adds: bool, at: usize, v: v128, bytes: usize): void {
  if (adds) addTo(at, v, bytes);
  else if (bytes >= 16) v128.store(at, v);
  else storePart(at, v, bytes >> 2);
}

function averageWindow(g: Pooling, at: usize, dy: usize, c: usize, end: usize, planes: i32, rows: i32, columns: i32): void {
  const pixel = <usize>g.channels << 2;
  const stepX = <usize>g.dilationWidth * pixel;
  const stepY = <usize>(g.dilationHeight * g.width) * pixel;
  const stepZ = <usize>(g.dilationDepth * g.height * g.width) * pixel;
  const count = f32x4.splat(<f32>(g.kind == AVERAGE ? planes * rows * columns : g.sizeDepth * g.sizeHeight * g.sizeWidth));
  for (; c < end; c += 16) {
    const v = f32x4.div(v128.load(dy + c), count);
    let pz = g.dx + at + c;
    for (let z = 0; z < planes; z++) {
      let py = pz;
      for (let y = 0; y < rows; y++) {
        let px = py;
        for (let x = 0; x < columns; x++) {
          addTo(px, v, end - c);
          px += stepX;
        }
        py += stepY;
      }
      pz += stepZ;
    }
  }
}

function maximumWindow(g: Pooling, at: usize, dy: usize, c: usize, end: usize, planes: i32, rows: i32, columns: i32): void {
  const pixel = <usize>g.channels << 2;
  const stepX = <usize>g.dilationWidth * pixel;
  const stepY = <usize>(g.dilationHeight * g.width) * pixel;
  const stepZ = <usize>(g.dilationDepth * g.height * g.width) * pixel;
  const apart = g.dx - g.x;
  for (; c < end; c += 16) {
    let best = f32x4.splat(-Infinity);
    // The address of the best cell; none where all are NaN or minus infinity.
    let where = i32x4.splat(0);
    let pz = g.x + at + c;
    for (let z = 0; z < planes; z++) {
      let py = pz;
      for (let y = 0; y < rows; y++) {
        let px = py;
        for (let x = 0; x < columns; x++) {
          const v = v128.load(px);
          const larger = f32x4.gt(v, best);
          best = v128.bitselect(v, best, larger);
          where = v128.bitselect(i32x4.splat(<i32>px), where, larger);
          px += stepX;
        }
        py += stepY;
      }
      pz += stepZ;
    }
    const v = v128.load(dy + c);
    pz = g.x + at + c;
    for (let z = 0; z < planes; z++) {
      let py = pz;
      for (let y = 0; y < rows; y++) {
        let px = py;
        for (let x = 0; x < columns; x++) {
          addTo(px + apart, v128.and(v, i32x4.eq(where, i32x4.splat(<i32>px))), end - c);
          px += stepX;
        }
        py += stepY;
      }
      pz += stepZ;
    }
  }
}

/** The window of two by two, which most networks use. */
// @ts-ignore: decorator
@inline
function maximumOfFour(g: Pooling, adds: bool, at: usize, dy: usize, c: usize, end: usize): void {
  const pixel = <usize>g.channels << 2;
  const right = <usize>g.dilationWidth * pixel;
  const down = <usize>(g.dilationHeight * g.width) * pixel;
  const least = f32x4.splat(-Infinity);
  for (; c < end; c += 16) {
    const p = g.x + at + c;
    const v = v128.load(dy + c);
    const a = v128.load(p), b = v128.load(p + right), d = v128.load(p + down), e = v128.load(p + down + right);
    // Who is larger than all before; the last one such has it.
    let best = f32x4.pmax(least, a);
    const isA = f32x4.gt(a, least), isB = f32x4.gt(b, best);
    best = f32x4.pmax(best, b);
    const isD = f32x4.gt(d, best);
    best = f32x4.pmax(best, d);
    const isE = f32x4.gt(e, best);
    const to = g.dx + at + c;
    const rest = end - c;
    const later = v128.or(isD, isE);
    put(adds, to, v128.and(v, v128.andnot(isA, v128.or(isB, later))), rest);
    put(adds, to + right, v128.and(v, v128.andnot(isB, later)), rest);
    put(adds, to + down, v128.and(v, v128.andnot(isD, isE)), rest);
    put(adds, to + down + right, v128.and(v, isE), rest);
  }
}
