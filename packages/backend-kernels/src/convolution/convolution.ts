import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import type { Kernel, KernelCall, OutputBackend } from '../kernel.js';
import type { Moves } from '../movement/moves.js';
import { allFloat32, conv2dInfo, depthwiseInfo } from './convolution-info.js';

/** What a fused convolution adds to its sums and applies to them. `slopes` are there for `prelu`, and broadcast to the output. */
export interface ConvolutionEnd {
  readonly bias: TensorInfo | undefined;
  readonly activation: string;
  readonly leakyAlpha: number;
  readonly slopes: TensorInfo | undefined;
  readonly outShape: readonly number[];
}

/** What follows on the sums of a convolution: in the kernel, as the backend likes, and the rest in place. */
export interface ConvolutionFinish {
  readonly activate: (out: TensorInfo) => void;
}

/** What a backend does itself for convolutions in two dimensions. Each says whether it wrote the last tensor: else tfjs-backend-cpu does it. What is written is not empty. */
export interface Convolutions<B, F extends ConvolutionFinish> extends Pick<Moves<B>, 'filled'> {
  /** Sums as they are. */
  readonly noFinish: F;
  /** Undefined for an activation that only tfjs-backend-cpu has. */
  finishOf(backend: B, end: ConvolutionEnd): F | undefined;
  forward(
    backend: B,
    info: backend_util.Conv2DInfo,
    x: TensorInfo,
    filter: TensorInfo,
    y: TensorInfo,
    finish: F,
  ): boolean;
  inputGradient(backend: B, info: backend_util.Conv2DInfo, dy: TensorInfo, filter: TensorInfo, dx: TensorInfo): boolean;
  filterGradient(
    backend: B,
    info: backend_util.Conv2DInfo,
    x: TensorInfo,
    dy: TensorInfo,
    dfilter: TensorInfo,
  ): boolean;
}

/** Convolutions in two dimensions with their gradients: [batch, height, width, channels], any stride, padding and dilation. `where` is the package that an error names. */
export function conv2dKernels<B extends OutputBackend, F extends ConvolutionFinish>(
  where: string,
  convolutions: Convolutions<B, F>,
): readonly Kernel<B>[] {
  return kernelsOf(
    { plain: 'Conv2D', fused: 'FusedConv2D', input: 'Conv2DBackpropInput', filter: 'Conv2DBackpropFilter' },
    (call, name, inShape, filterShape, dy) => conv2dInfo(where, call, name, inShape, filterShape, dy),
    convolutions,
  );
}

/** Convolutions of each channel by itself, with their gradients: [batch, height, width, channels], any stride, padding, dilation and multiplier. */
export function depthwiseKernels<B extends OutputBackend, F extends ConvolutionFinish>(
  convolutions: Convolutions<B, F>,
): readonly Kernel<B>[] {
  return kernelsOf(
    {
      plain: 'DepthwiseConv2dNative',
      fused: 'FusedDepthwiseConv2D',
      input: 'DepthwiseConv2dNativeBackpropInput',
      filter: 'DepthwiseConv2dNativeBackpropFilter',
    },
    (call, _, inShape, filterShape, dy) => depthwiseInfo(call, inShape, filterShape, dy),
    convolutions,
  );
}

type InfoOf<B> = (
  call: KernelCall<B>,
  name: string,
  inShape: readonly number[],
  filterShape: readonly number[],
  dy?: TensorInfo,
) => backend_util.Conv2DInfo | undefined;

function kernelsOf<B extends OutputBackend, F extends ConvolutionFinish>(
  names: { readonly plain: string; readonly fused: string; readonly input: string; readonly filter: string },
  infoOf: InfoOf<B>,
  own: Convolutions<B, F>,
): readonly Kernel<B>[] {
  const convolve = (
    call: KernelCall<B>,
    finishFor: (shape: readonly number[]) => F | undefined,
  ): TensorInfo | undefined => {
    const { inputs, backend } = call;
    const [x, filter] = [inputs['x'] as TensorInfo, inputs['filter'] as TensorInfo];
    if (!allFloat32(x, filter)) return undefined;
    const info = infoOf(call, names.plain, x.shape, filter.shape);
    if (info === undefined) return undefined;
    const finish = finishFor(info.outShape);
    if (finish === undefined) return undefined;
    const y = outputOrNothing(backend, info.outShape, (out) => own.forward(backend, info, x, filter, out, finish));
    if (y !== undefined) finish.activate(y);
    return y;
  };
  return [
    { name: names.plain, run: (call) => convolve(call, () => own.noFinish) },
    { name: names.fused, run: (call) => convolve(call, (shape) => finishOf(own, call, shape)) },
    {
      name: names.input,
      run: (call) => {
        const { inputs, attrs, backend } = call;
        const [dy, filter] = [inputs['dy'] as TensorInfo, inputs['filter'] as TensorInfo];
        if (!allFloat32(dy, filter)) return undefined;
        const info = infoOf(call, names.input, attrs['inputShape'] as number[], filter.shape, dy);
        if (info === undefined) return undefined;
        if (util.sizeFromShape(dy.shape) === 0) return own.filled(backend, info.inShape, 'float32', 0);
        return outputOrNothing(backend, info.inShape, (dx) => own.inputGradient(backend, info, dy, filter, dx));
      },
    },
    {
      name: names.filter,
      run: (call) => {
        const { inputs, attrs, backend } = call;
        const [x, dy] = [inputs['x'] as TensorInfo, inputs['dy'] as TensorInfo];
        if (!allFloat32(x, dy)) return undefined;
        const info = infoOf(call, names.filter, x.shape, attrs['filterShape'] as number[], dy);
        if (info === undefined) return undefined;
        if (util.sizeFromShape(dy.shape) === 0) return own.filled(backend, info.filterShape, 'float32', 0);
        return outputOrNothing(backend, [...info.filterShape], (dw) => own.filterGradient(backend, info, x, dy, dw));
      },
    },
  ];
}

/** Bias and activation of a fused convolution, or undefined for what only tfjs-backend-cpu does. */
function finishOf<B, F extends ConvolutionFinish>(
  own: Convolutions<B, F>,
  { inputs, attrs, backend }: KernelCall<B>,
  outShape: readonly number[],
): F | undefined {
  const bias = (inputs['bias'] ?? undefined) as TensorInfo | undefined;
  const slopes = (inputs['preluActivationWeights'] ?? undefined) as TensorInfo | undefined;
  if (!allFloat32(bias, slopes)) return undefined;
  const channels = outShape.at(-1)!;
  if (bias !== undefined && !(bias.shape.at(-1) === channels && util.sizeFromShape(bias.shape) === channels))
    return undefined;
  const activation = (attrs['activation'] ?? 'linear') as string;
  if (activation === 'prelu' && !(slopes !== undefined && broadcasts(slopes.shape, outShape))) return undefined;
  const leakyAlpha = (attrs['leakyreluAlpha'] as number | undefined) ?? 0;
  return own.finishOf(backend, { bias, activation, leakyAlpha, slopes, outShape });
}

const broadcasts = (from: readonly number[], to: readonly number[]): boolean =>
  from.length <= to.length && from.every((size, axis) => size === 1 || size === to[axis + to.length - from.length]);

/** A new tensor that `fill` writes, or undefined, and no tensor, where `fill` says that it did not. */
function outputOrNothing(
  backend: OutputBackend,
  shape: number[],
  fill: (out: TensorInfo) => boolean,
): TensorInfo | undefined {
  if (shape.some((size) => size < 0)) return undefined;
  const out = backend.output(shape, 'float32');
  if (util.sizeFromShape(shape) === 0 || fill(out)) return out;
  backend.disposeIntermediateTensorInfo(out);
  return undefined;
}
