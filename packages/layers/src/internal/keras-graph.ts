import { describeValue, type Json } from '@gradstream/core';
import type { Layer } from '../layer.js';
import type { SymbolicTensor } from '../symbolic-tensor.js';
import { KERAS_CALLS, saidAtCall } from './keras-calls.js';
import { isObject, kerasError, type JsonObject } from './keras-reading.js';

/** A use of a layer that waits for its inputs. */
interface Call {
  readonly name: string;
  readonly use: number;
  readonly layer: Layer;
  readonly inputs: readonly History[];
}

/** Where a tensor of Keras comes from: a layer's name, which use of it, which output. */
type History = readonly [name: string, use: number, output: number];

/** A graph of Keras while its layers are applied: each use of a layer as soon as all its inputs are there. */
export class KerasGraph {
  readonly #made = new Map<string, readonly SymbolicTensor[]>();
  readonly #operations: ReadonlySet<string>;
  #waiting: Call[] = [];

  /**
   * `operations` are the names of what Keras computes masks with and lists among the layers. Masks travel by themselves here: a mask that comes from one of them
   * is left out.
   */
  constructor(operations: ReadonlySet<string> = new Set()) {
    this.#operations = operations;
  }

  addInput(name: string, tensor: SymbolicTensor): void {
    this.#made.set(key(name, 0), [tensor]);
  }

  addLayer(name: string, layer: Layer, calls: readonly Json[]): void {
    calls.forEach((call, use) => {
      if (!isObject(call))
        throw kerasError(`A call of "${name}" is no object`, 'an object of args and kwargs', describeValue(call));
      this.#waiting.push({ name, use, layer, inputs: callInputs(name, layer.type, call, this.#operations) });
    });
  }

  /** Applies all layers. Throws `GS_KERAS_CONFIG` where some wait for each other, or for what is not there. */
  connect(apply: (layer: Layer, inputs: readonly SymbolicTensor[]) => readonly SymbolicTensor[]): void {
    while (this.#waiting.length > 0) {
      const open: Call[] = [];
      for (const call of this.#waiting) {
        const inputs = call.inputs.map((history) => this.#find(history));
        if (inputs.includes(undefined)) open.push(call);
        else this.#made.set(key(call.name, call.use), apply(call.layer, inputs as SymbolicTensor[]));
      }
      if (open.length === this.#waiting.length) {
        const { name, inputs } = open[0]!;
        const missing = inputs.find((history) => this.#find(history) === undefined)!;
        throw kerasError(
          `The layer "${name}" waits for a tensor that never comes`,
          'a graph without circles and gaps',
          missing.join(', '),
        );
      }
      this.#waiting = open;
    }
  }

  /** The tensors of `input_layers` or `output_layers`: one, a list, or a record. */
  tensors(given: Json, what: string): SymbolicTensor | SymbolicTensor[] | Record<string, SymbolicTensor> {
    const one = (history: Json): SymbolicTensor => {
      const tensor = isHistory(history) ? this.#find(history) : undefined;
      if (tensor !== undefined) return tensor;
      throw kerasError(`The ${what} name a tensor that is not there`, '[layer, use, output]', describeValue(history));
    };
    if (isHistory(given)) return one(given);
    if (Array.isArray(given)) return (given as readonly Json[]).map(one);
    if (isObject(given))
      return Object.fromEntries(Object.entries(given).map(([name, history]) => [name, one(history)]));
    throw kerasError(`The ${what} are missing`, 'a tensor, a list or an object of them', describeValue(given));
  }

  #find([name, use, output]: History): SymbolicTensor | undefined {
    return this.#made.get(key(name, use))?.[output];
  }
}

const key = (name: string, use: number): string => `${use}:${name}`;

function isHistory(value: Json): value is History & Json {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    typeof value[0] === 'string' &&
    Number.isSafeInteger(value[1]) &&
    Number.isSafeInteger(value[2])
  );
}

/** A layer of Keras' JSON with what is said at its calls as options: our layers have it there. Throws `GS_KERAS_CONFIG` where its calls differ. */
export function withCalls(name: string, part: JsonObject, calls: readonly Json[]): JsonObject {
  const names = typeof part.class_name === 'string' ? saidAtCall(part.class_name) : [];
  if (names.length === 0 || !isObject(part.config)) return part;
  const said = calls.map((call) => {
    const kwargs = isObject(call) && isObject(call.kwargs) ? call.kwargs : {};
    return names.filter((option) => kwargs[option] === true || isObject(kwargs[option]));
  });
  const [first = [], ...others] = said;
  if (others.some((other) => other.join() !== first.join())) {
    throw kerasError(
      `The layer "${name}" is called in different ways`,
      'calls alike, or a layer for each way',
      said.map((one) => one.join(' and ') || 'nothing').join(', '),
    );
  }
  return { ...part, config: { ...part.config, ...Object.fromEntries(first.map((option) => [option, true])) } };
}

/**
 * What Keras writes at calls and then does not follow: the `training` of fit, evaluate and predict takes its place. Image layers write it always, users where they
 * call a base that is not to be trained.
 */
const OVERRIDDEN = ['training'];

/** The tensors that a layer is called with, in the order of our inputs. */
function callInputs(
  name: string,
  type: string,
  { args, kwargs }: JsonObject,
  operations: ReadonlySet<string>,
): readonly History[] {
  const { named = [], rest, last, ofFractions } = KERAS_CALLS[type] ?? {};
  const found = tensorsIn(args ?? []);
  const isMask = (value: Json): boolean => {
    const tensors = tensorsIn(value);
    return tensors.length > 0 && tensors.every(([from]) => operations.has(from));
  };
  const others = isObject(kwargs)
    ? Object.fromEntries(Object.entries(kwargs).filter(([, value]) => !isMask(value)))
    : {};
  const known = [...(rest === undefined ? named : [rest]), ...(last === undefined ? [] : [last])];
  for (const option of known) found.push(...tensorsIn(others[option] ?? null));
  const read = [...known, ...saidAtCall(type), ofFractions, ...OVERRIDDEN];
  const unread = Object.entries(others).find(
    ([option, value]) => !read.includes(option) && (tensorsIn(value).length > 0 || value === true),
  );
  if (unread !== undefined)
    throw kerasError(
      `The layer "${name}" is called with something that is not read`,
      known.join(', ') || 'tensors in order',
      unread[0],
    );
  return found;
}

function tensorsIn(value: Json): History[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(tensorsIn);
  if (!isObject(value)) return [];
  if (value.class_name !== '__keras_tensor__') return Object.values(value).flatMap(tensorsIn);
  const history = isObject(value.config) ? value.config.keras_history : undefined;
  if (history !== undefined && isHistory(history)) return [history];
  throw kerasError(
    'A tensor does not say where it comes from',
    'keras_history: [layer, use, output]',
    describeValue(history),
  );
}
