import { addressOf } from './driver.js';

/** What a kernel takes, one letter each: p an address, i an int, f a float, d a double, s a structure, given as words. */
export type Signature = string;

/** An argument of a kernel. */
export type KernelArgument = number | Int32Array;

/** The most bytes that the arguments of one kernel take. */
const ARENA = 4352;
const MOST_ARGUMENTS = 32;

/**
 * Writes the arguments of launches where the driver reads them: one block of memory, written again for each launch, so that a launch allocates nothing. The driver
 * copies them before it returns.
 */
export class KernelArguments {
  /** Where each argument lies, as the driver takes them. */
  readonly places: BigUint64Array = new BigUint64Array(MOST_ARGUMENTS);
  readonly #bytes = new ArrayBuffer(ARENA);
  readonly #ints = new Int32Array(this.#bytes);
  readonly #words = new Uint32Array(this.#bytes);
  readonly #floats = new Float32Array(this.#bytes);
  readonly #doubles = new Float64Array(this.#bytes);
  readonly #base = BigInt(addressOf(new Uint8Array(this.#bytes)));

  /** Writes arguments by their signature. */
  write(signature: Signature, values: readonly KernelArgument[]): void {
    let at = 0;
    for (let index = 0; index < signature.length; index++) {
      const value = values[index]!;
      const letter = signature.charCodeAt(index);
      // Everything begins on 8 bytes: two words.
      this.places[index] = this.#base + BigInt(at * 4);
      if (letter === 0x69) {
        this.#ints[at] = value as number;
        at += 2;
      } else if (letter === 0x70) {
        this.#words[at] = (value as number) % 4_294_967_296;
        this.#words[at + 1] = Math.floor((value as number) / 4_294_967_296);
        at += 2;
      } else if (letter === 0x66) {
        this.#floats[at] = value as number;
        at += 2;
      } else if (letter === 0x64) {
        this.#doubles[at >> 1] = value as number;
        at += 2;
      } else {
        const words = value as Int32Array;
        this.#ints.set(words, at);
        at += (words.length + 1) & ~1;
      }
    }
  }
}

/** The words of an address, for a structure. */
export function addressWords(address: number): [number, number] {
  return [(address % 4_294_967_296) | 0, Math.floor(address / 4_294_967_296)];
}
