import { check } from '../driver/driver-error.js';
import { viewOfHost, type Address, type Driver, type Handle } from '../driver/driver.js';

/** Pieces of pinned host memory that copies go through, so that the host need not wait for them. */
const PIECE = 4 * 1024 * 1024;
const PIECES = 4;

/** Fewer bytes are sent in the order of the work: a stream of their own would gain nothing. */
const LEAST_BESIDE = 64 * 1024;

const NON_BLOCKING = 1;

interface Piece {
  readonly address: Address;
  readonly bytes: Uint8Array;
  /** What was sent from here, or to here, has arrived. */
  readonly event: Handle;
  busy: boolean;
  /** As much memory of the device, which uploads beside the work go through; undefined before the first one. */
  beside: Beside | undefined;
}

/** Where an upload arrives while the work goes on, and the event of the copy from there to its tensor. */
interface Beside {
  readonly address: Address;
  readonly taken: Handle;
  isTaken: boolean;
}

/**
 * Pinned memory between the host and the device. An upload is copied into a piece and sent from there: the host goes on at once, and waits only where all pieces
 * are under way.
 *
 * Large uploads travel on a stream of their own, to memory of their own, while the kernels of the step before still run; the stream of the work waits for them and
 * copies them to their tensor. So the next batch is there when the step is done.
 */
export class Staging {
  readonly #driver: Driver;
  readonly #stream: Handle;
  readonly #reserve: (bytes: number) => Address | undefined;
  readonly #pieces: Piece[] = [];
  #beside: Handle | undefined;
  #hasRoom = true;
  #next = 0;

  /** `reserve` gives memory of the device for as long as the backend lives, or nothing where there is too little. */
  constructor(driver: Driver, stream: Handle, reserve: (bytes: number) => Address | undefined) {
    this.#driver = driver;
    this.#stream = stream;
    this.#reserve = reserve;
  }

  /** Copies bytes to the device, in the order of the stream. */
  upload(from: Uint8Array, to: Address): void {
    for (let at = 0; at < from.length; at += PIECE) {
      const part = from.subarray(at, at + PIECE);
      const piece = this.#piece();
      piece.bytes.set(part);
      piece.busy = true;
      const beside = part.length < LEAST_BESIDE ? undefined : this.#besideOf(piece);
      if (beside === undefined) this.#sent(piece, to + at, part.length, this.#stream);
      else this.#sendBeside(piece, beside, to + at, part.length);
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
    if (this.#beside !== undefined) this.#driver.cuStreamSynchronize(this.#beside);
    for (const { address, event, beside } of this.#pieces) {
      this.#driver.cuEventDestroy_v2(event);
      if (beside !== undefined) this.#driver.cuEventDestroy_v2(beside.taken);
      this.#driver.cuMemFreeHost(address);
    }
    this.#pieces.length = 0;
    if (this.#beside !== undefined) this.#driver.cuStreamDestroy_v2(this.#beside);
    this.#beside = undefined;
  }

  /** Sends what is in a piece, on a stream. */
  #sent(piece: Piece, to: Address, bytes: number, stream: Handle): void {
    const error = this.#driver.cuMemcpyHtoDAsync_v2(to, piece.address, bytes, stream);
    check(this.#driver, error, 'cuMemcpyHtoDAsync');
    check(this.#driver, this.#driver.cuEventRecord(piece.event, stream), 'cuEventRecord');
  }

  /** Sends it while the work goes on, once what came the same way before was taken; the work waits for it when it comes to it. */
  #sendBeside(piece: Piece, beside: Beside, to: Address, bytes: number): void {
    const driver = this.#driver;
    const wait = (stream: Handle, event: Handle): void =>
      check(driver, driver.cuStreamWaitEvent(stream, event, 0), 'cuStreamWaitEvent');
    if (beside.isTaken) wait(this.#beside!, beside.taken);
    this.#sent(piece, beside.address, bytes, this.#beside!);
    wait(this.#stream, piece.event);
    check(driver, driver.cuMemcpyDtoDAsync_v2(to, beside.address, bytes, this.#stream), 'cuMemcpyDtoDAsync');
    check(driver, driver.cuEventRecord(beside.taken, this.#stream), 'cuEventRecord');
    beside.isTaken = true;
  }

  /** The memory beside a piece; undefined where the device has too little: then uploads go in the order of the work. */
  #besideOf(piece: Piece): Beside | undefined {
    if (piece.beside !== undefined || !this.#hasRoom) return piece.beside;
    const address = this.#reserve(PIECE);
    if (address === undefined) {
      this.#hasRoom = false;
      return undefined;
    }
    if (this.#beside === undefined) {
      const stream: [number] = [0];
      check(this.#driver, this.#driver.cuStreamCreate(stream, NON_BLOCKING), 'cuStreamCreate');
      this.#beside = Number(stream[0]);
    }
    piece.beside = { address, taken: this.#makeEvent(), isTaken: false };
    return piece.beside;
  }

  #makeEvent(): Handle {
    const event: [number] = [0];
    check(this.#driver, this.#driver.cuEventCreate(event, 2), 'cuEventCreate');
    return Number(event[0]);
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
    const at = Number(address[0]);
    try {
      const bytes = new Uint8Array(viewOfHost(at, PIECE));
      return { address: at, bytes, event: this.#makeEvent(), busy: false, beside: undefined };
    } catch (error) {
      this.#driver.cuMemFreeHost(at);
      throw error;
    }
  }
}
