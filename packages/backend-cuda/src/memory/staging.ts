import { check } from '../driver/driver-error.js';
import { viewOfHost, type Address, type Driver, type Handle } from '../driver/driver.js';

/** Pieces of pinned host memory that copies go through, so that the host need not wait for them. */
const PIECE = 4 * 1024 * 1024;
const PIECES = 4;

interface Piece {
  readonly address: Address;
  readonly bytes: Uint8Array;
  readonly event: Handle;
  busy: boolean;
}

/**
 * Pinned memory between the host and the device. An upload is copied into a piece and sent from there: the host goes on at once, and waits only where all pieces
 * are under way.
 */
export class Staging {
  readonly #driver: Driver;
  readonly #stream: Handle;
  readonly #pieces: Piece[] = [];
  #next = 0;

  constructor(driver: Driver, stream: Handle) {
    this.#driver = driver;
    this.#stream = stream;
  }

  /** Copies bytes to the device, in the order of the stream. */
  upload(from: Uint8Array, to: Address): void {
    for (let at = 0; at < from.length; at += PIECE) {
      const part = from.subarray(at, at + PIECE);
      const piece = this.#piece();
      piece.bytes.set(part);
      check(
        this.#driver,
        this.#driver.cuMemcpyHtoDAsync_v2(to + at, piece.address, part.length, this.#stream),
        'cuMemcpyHtoDAsync',
      );
      check(this.#driver, this.#driver.cuEventRecord(piece.event, this.#stream), 'cuEventRecord');
      piece.busy = true;
    }
  }

  /** Copies bytes from the device and waits for them. */
  downloadNow(from: Address, to: Uint8Array): void {
    for (let at = 0; at < to.length; at += PIECE) {
      const piece = this.#send(from, to, at);
      check(this.#driver, this.#driver.cuEventSynchronize(piece.event), 'cuEventSynchronize');
      this.#receive(piece, to, at);
    }
  }

  /** The same without keeping the thread: other work runs meanwhile. */
  async download(from: Address, to: Uint8Array): Promise<void> {
    for (let at = 0; at < to.length; at += PIECE) {
      const piece = this.#send(from, to, at);
      await this.#arrived(piece.event);
      this.#receive(piece, to, at);
    }
  }

  dispose(): void {
    for (const { address, event } of this.#pieces) {
      this.#driver.cuEventDestroy_v2(event);
      this.#driver.cuMemFreeHost(address);
    }
    this.#pieces.length = 0;
  }

  #send(from: Address, to: Uint8Array, at: number): Piece {
    const piece = this.#piece();
    const size = Math.min(PIECE, to.length - at);
    check(
      this.#driver,
      this.#driver.cuMemcpyDtoHAsync_v2(piece.address, from + at, size, this.#stream),
      'cuMemcpyDtoHAsync',
    );
    check(this.#driver, this.#driver.cuEventRecord(piece.event, this.#stream), 'cuEventRecord');
    // Taken out until what arrived was read.
    this.#pieces.splice(this.#pieces.indexOf(piece), 1);
    return piece;
  }

  #receive(piece: Piece, to: Uint8Array, at: number): void {
    to.set(piece.bytes.subarray(0, Math.min(PIECE, to.length - at)), at);
    piece.busy = false;
    this.#pieces.push(piece);
  }

  /** Asks again and again; ever less often where it takes long. */
  async #arrived(event: Handle): Promise<void> {
    for (let asked = 0; ; asked++) {
      const result = this.#driver.cuEventQuery(event);
      if (result === 0) return;
      if (result !== 600) check(this.#driver, result, 'cuEventQuery');
      await new Promise<void>((resolve) => {
        if (asked < 200) setImmediate(resolve);
        else setTimeout(resolve, 1);
      });
    }
  }

  /** A piece that nothing is under way in. */
  #piece(): Piece {
    if (this.#pieces.length < PIECES) {
      const piece = this.#make();
      this.#pieces.push(piece);
      return piece;
    }
    this.#next = (this.#next + 1) % this.#pieces.length;
    const piece = this.#pieces[this.#next]!;
    if (piece.busy) check(this.#driver, this.#driver.cuEventSynchronize(piece.event), 'cuEventSynchronize');
    piece.busy = false;
    return piece;
  }

  #make(): Piece {
    const address: [number] = [0];
    check(this.#driver, this.#driver.cuMemHostAlloc(address, PIECE, 0), 'cuMemHostAlloc');
    const event: [number] = [0];
    const failed = this.#driver.cuEventCreate(event, 2);
    if (failed !== 0) this.#driver.cuMemFreeHost(address[0]);
    check(this.#driver, failed, 'cuEventCreate');
    const at = Number(address[0]);
    return { address: at, bytes: new Uint8Array(viewOfHost(at, PIECE)), event: Number(event[0]), busy: false };
  }
}
