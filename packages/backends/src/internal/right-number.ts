import { getBackend, matMul, memory, setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';

/** Inner size of the check: above the blocks of 48 that some kernels work in. */
const INNER = 64;

/**
 * Makes a backend active and lets it multiply two matrices whose product is known. Returns null where the numbers are right, and what was
 * wrong otherwise.
 */
export async function whatIsWrong(name: string): Promise<string | null> {
  if (!(await setBackend(name))) return 'Its initialization failed';
  if (getBackend() !== name) return `tf.getBackend() is "${getBackend()}" after its start`;
  const before = memory().numTensors;
  // Row i of the left matrix is i + 1, column j of the right one is j + 1: each product is INNER * (i + 1) * (j + 1), exact in float32.
  const product = tidy(() => {
    const left = tensor2d(
      Array.from({ length: 2 * INNER }, (_, index) => 1 + Math.floor(index / INNER)),
      [2, INNER],
    );
    const right = tensor2d(
      Array.from({ length: 3 * INNER }, (_, index) => 1 + (index % 3)),
      [INNER, 3],
    );
    return matMul(left, right);
  });
  const values = await product.data().finally(() => product.dispose());
  const expected = [1, 2, 3, 2, 4, 6].map((factor) => factor * INNER);
  const wrong = expected.findIndex((value, index) => values[index] !== value);
  if (wrong !== -1) return `A matrix product came out wrong: ${values[wrong]} where ${expected[wrong]} is right`;
  const leaked = memory().numTensors - before;
  return leaked === 0 ? null : `A matrix product left ${leaked} tensors behind`;
}
