// Angles that are too large to take quarter turns off by subtraction: the bits of 2 / pi that matter are picked and multiplied exactly (Payne and Hanek,
// "Radian reduction for trigonometric functions", 1983).

/** The 32 bits of 2 / pi from bit 32 * index on. */
function word(index: i32): u64 {
  switch (index) {
    case -1: return 0;
    case 0: return 0xa2f9836e;
    case 1: return 0x4e441529;
    case 2: return 0xfc2757d1;
    case 3: return 0xf534ddc0;
    case 4: return 0xdb629599;
    case 5: return 0x3c439041;
    default: return 0xfe5163ab;
  }
}

/** The 32 bits of 2 / pi from any bit on. */
function bits(from: i32): u64 { return (word(from >> 5) << 32 | word((from >> 5) + 1)) << <u64>(from & 31) >> 32; }

/** x in quarter turns modulo 4, times 2^62; x is finite and at least 2^18. */
function quarters(x: f32): u64 {
  const pattern = reinterpret<u32>(x);
  const m = <u64>(pattern & 0x7fffff | 0x800000);
  // x = m * 2^e: the bits of 2 / pi before e - 2 give whole turns.
  const from = <i32>(pattern >> 23 & 255) - 152;
  const middle = m * bits(from + 32) + (m * bits(from + 64) >> 32);
  return m * bits(from) + (middle >> 32) << 32 | middle & 0xffffffff;
}

/** How many quarter turns are nearest to x, modulo 4. */
export function largeQuarter(x: f32): f64 { return <f64>(quarters(x) + ((<u64>1) << 61) >> 62); }

/** The angle that is left when those are taken off, in radians. */
export function largeRest(x: f32): f64 { return <f64><i64>(quarters(x) << 2) * (1.5707963267948966 / 18446744073709551616.0); }
