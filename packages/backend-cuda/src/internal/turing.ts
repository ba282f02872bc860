/** The product of tensor cores that kernels of float16 use: two tiles of eight places along k at once. Ampere is the first generation that has it. */
const PRODUCT =
  /mma\.sync\.aligned\.m16n8k16\.row\.col\.f32\.f16\.f16\.f32 (\{[^}]+\}), \{(%r\d+),(%r\d+),(%r\d+),(%r\d+)\}, \{(%r\d+),(%r\d+)\}, (\{[^}]+\});/g;
const PRODUCT_OF_EIGHT = 'mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32';

/** Two numbers rounded to float16 into one word, the second operand in its lower half: also Ampere's. */
const PAIR = /cvt\.rn\.f16x2\.f32 (%r\d+), (%f\d+), (%f\d+);/g;

/**
 * Kernels of float16, which are compiled for Ampere (capability 8.0), for tensor cores of Turing (7.5): each product of 16 places along k becomes two of 8, with the same
 * registers, and each rounding of a pair two of one number. The products are the same ones; within a tile their sums may be added in another order.
 *
 * Source: PTX ISA, "Matrix Fragments for mma.m16n8k8" and "for mma.m16n8k16 with floating point type".
 */
export function forTuring(text: string): string {
  return text
    .replace(/^\.target sm_80$/m, '.target sm_75')
    .replace(PRODUCT, (_, d: string, ...rest: string[]) => {
      const [a0, a1, a2, a3, b0, b1, c] = rest as [string, string, string, string, string, string, string];
      return `${PRODUCT_OF_EIGHT} ${d}, {${a0},${a1}}, {${b0}}, ${c};\n\t${PRODUCT_OF_EIGHT} ${d}, {${a2},${a3}}, {${b1}}, ${d};`;
    })
    .replace(
      PAIR,
      '{\n\t.reg .b16 low, high;\n\tcvt.rn.f16.f32 low, $3;\n\tcvt.rn.f16.f32 high, $2;\n\tmov.b32 $1, {low, high};\n\t}',
    );
}
