import { util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import { Binary } from '../../internal/codes.js';
import { applyBinary } from '../elementwise/binary.js';
import type { Kernel } from '../kernel.js';

const GRADIENTS: Readonly<Record<string, Binary>> = {
  relu: Binary.ReluGrad,
  relu6: Binary.Relu6Grad,
  sigmoid: Binary.SigmoidGrad,
  tanh: Binary.TanhGrad,
  elu: Binary.EluGrad,
};

/** Kernels that do in one pass what a training step would need several for. @gradstream/autodiff says what each computes. */
export const fusedKernels: readonly Kernel[] = [
  {
    name: 'GradstreamActivationGradient',
    run: ({ inputs, attrs, backend }) => {
      const [dy, y] = [inputs['dy'] as TensorInfo, inputs['y'] as TensorInfo];
      const code = GRADIENTS[attrs['activation'] as string];
      if (code === undefined || dy.dtype !== 'float32' || y.dtype !== 'float32') return undefined;
      const out = backend.output(dy.shape, 'float32');
      applyBinary(backend, 0, code, dy, y, out);
      return out;
    },
  },
  ...([true, false] as const).map((sparse): Kernel => ({
    name: sparse ? 'GradstreamSparseSoftmaxCrossEntropy' : 'GradstreamSoftmaxCrossEntropy',
    run: ({ inputs, backend }) => {
      const [labels, logits] = [inputs['labels'] as TensorInfo, inputs['logits'] as TensorInfo];
      const [rows, classes] = logits.shape as [number, number];
      const expected = sparse ? { dtype: 'int32', size: rows } : { dtype: 'float32', size: rows * classes };
      if (logits.dtype !== 'float32' || logits.shape.length !== 2 || labels.dtype !== expected.dtype) return undefined;
      if (util.sizeFromShape(labels.shape) !== expected.size) return undefined;
      const [loss, slope] = [backend.output([rows], 'float32'), backend.output(logits.shape, 'float32')];
      const at = [
        backend.address(labels),
        backend.address(logits),
        backend.address(loss),
        backend.address(slope),
      ] as const;
      const { wasm } = backend.runtime;
      (sparse ? wasm.sparseCrossEntropy : wasm.crossEntropy)(...at, rows, classes);
      return [loss, slope];
    },
  })),
  {
    name: 'GradstreamDropout',
    run: ({ inputs, attrs, backend }) => {
      const [x, counter] = [inputs['x'] as TensorInfo, inputs['counter'] as TensorInfo];
      if (x.dtype !== 'float32' || counter.dtype !== 'int32') return undefined;
      const y = backend.output(x.shape, 'float32');
      const rate = attrs['rate'] as number;
      // The upper 24 bits of a word are compared as a whole number.
      const threshold = Math.ceil(Math.fround(rate) * 2 ** 24);
      const [low, high] = keyOf(attrs);
      const at = [backend.address(x), backend.address(y)] as const;
      backend.runtime.wasm.dropout(
        ...at,
        util.sizeFromShape(x.shape),
        backend.address(counter),
        low,
        high,
        threshold,
        1 / (1 - rate),
      );
      return y;
    },
  },
  {
    name: 'GradstreamUniform',
    run: ({ inputs, attrs, backend }) => {
      const counter = inputs['counter'] as TensorInfo;
      if (counter.dtype !== 'int32') return undefined;
      const shape = attrs['shape'] as number[];
      const y = backend.output(shape, 'float32');
      const [min, max] = [attrs['min'] as number, attrs['max'] as number];
      const [low, high] = keyOf(attrs);
      backend.runtime.wasm.uniform(
        backend.address(y),
        util.sizeFromShape(shape),
        backend.address(counter),
        low,
        high,
        Math.fround(max - min),
        min,
      );
      return y;
    },
  },
  {
    name: 'GradstreamStatistics',
    run: ({ inputs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      const size = util.sizeFromShape(x.shape);
      if (x.dtype !== 'float32' || size === 0) return undefined;
      const y = backend.output([7], 'float32');
      backend.runtime.wasm.statistics(backend.address(x), backend.address(y), size);
      return y;
    },
  },
];

const keyOf = (attrs: NamedAttrMap): readonly [number, number] => [
  attrs['keyLow'] as number,
  attrs['keyHigh'] as number,
];
