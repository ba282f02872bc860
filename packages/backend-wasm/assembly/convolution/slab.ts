import { Geometry } from './geometry';

/** Copies what the windows of a block see, images image0.. and rows from `row0` of the output on, into `out`: zeros where there is no input. */
export function copySlab(g: Geometry, image0: i32, images: i32, row0: i32, rows: i32, out: usize): void {
  const pixel = <usize>(g.channels / g.multiplier) << 2;
  const slabPixel = <usize>g.channels << 2;
  const x0 = -g.padLeft;
  const first = min(max(x0, 0), g.width);
  const end = max(first, min(x0 + g.slabWidth, g.width));
  const left = min(g.slabWidth, max(0, -x0));
  const leftBytes = <usize>left * slabPixel;
  const count = end - first;
  const rightBytes = <usize>(g.slabWidth - left - count) * slabPixel;
  const needed = g.slabRows - (g.rows - rows) * g.strideHeight;
  for (let image = 0; image < images; image++) {
    const from = g.x + <usize>(image0 + image) * <usize>g.height * <usize>g.width * pixel;
    let to = out + <usize>image * g.imageBytes;
    for (let r = 0; r < needed; r++) {
      const y = row0 * g.strideHeight - g.padTop + r;
      if (y < 0 || y >= g.height || count <= 0) {
        memory.fill(to, 0, g.rowBytes);
      } else {
        const source = from + (<usize>y * <usize>g.width + <usize>first) * pixel;
        if (left > 0) memory.fill(to, 0, leftBytes);
        if (g.multiplier == 1) memory.copy(to + leftBytes, source, <usize>count * pixel);
        else repeatChannels(source, to + leftBytes, count * (g.channels / g.multiplier), g.multiplier);
        if (rightBytes > 0) memory.fill(to + g.rowBytes - rightBytes, 0, rightBytes);
      }
      to += g.rowBytes;
    }
  }
}

function repeatChannels(from: usize, to: usize, count: i32, times: i32): void {
  for (let i = 0; i < count; i++) {
    const value = load<f32>(from);
    for (let t = 0; t < times; t++) {
      store<f32>(to, value);
      to += 4;
    }
    from += 4;
  }
}
