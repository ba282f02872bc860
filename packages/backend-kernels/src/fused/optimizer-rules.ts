import type { NamedAttrMap } from '@tensorflow/tfjs-core';

/** How a gradient and what is remembered give a direction. */
export type OptimizerRule =
  | 'scale'
  | 'momentum'
  | 'nesterov'
  | 'rms'
  | 'centeredRms'
  | 'adam'
  | 'amsgrad'
  | 'adagrad'
  | 'adamax'
  | 'lion';

/** What a rule is with given attributes. */
export interface OptimizerSetup {
  readonly rule: OptimizerRule;
  /** The names of what it remembers of each weight. */
  readonly states: readonly string[];
  /** The three numbers that its formula takes. */
  readonly parameters: readonly [number, number, number];
  /** What it remembers of the steps, scalars, and the decay of each: the next value is value * decay + 1 in float32. */
  readonly scalars: Readonly<Record<string, number>>;
  /**
   * What the direction is multiplied with, in float32: `value`, or of the next scalars, for `adam`, `sqrt(vWeight) / mWeight`, for `inverse`, `1 / mWeight`.
   */
  readonly factor: { readonly kind: 'one' | 'constant' | 'adam' | 'inverse'; readonly value: number };
}

const ONE = { kind: 'one', value: 1 } as const;
const number = (attrs: NamedAttrMap, name: string): number => attrs[name] as number;

/** The optimizers by the names of their kernels. */
export const optimizerRules: Readonly<Record<string, (attrs: NamedAttrMap) => OptimizerSetup>> = {
  GradstreamSgd: (attrs) => {
    const momentum = (attrs['momentum'] as number | undefined) ?? 0;
    if (momentum === 0) return { rule: 'scale', states: [], parameters: [0, 0, 0], scalars: {}, factor: ONE };
    const rule = attrs['nesterov'] === true ? 'nesterov' : 'momentum';
    return { rule, states: ['v'], parameters: [momentum, 0, 0], scalars: {}, factor: ONE };
  },
  GradstreamRmsprop: (attrs) => {
    const [rho, epsilon] = [number(attrs, 'rho'), number(attrs, 'epsilon')];
    const centered = attrs['centered'] === true;
    return {
      rule: centered ? 'centeredRms' : 'rms',
      states: centered ? ['v', 'a'] : ['v'],
      parameters: [rho, epsilon / (1 - rho), 1 - rho],
      scalars: {},
      factor: { kind: 'constant', value: 1 / Math.sqrt(1 - rho) },
    };
  },
  GradstreamAdam: (attrs) => {
    const [beta1, beta2] = [number(attrs, 'beta1'), number(attrs, 'beta2')];
    const amsgrad = attrs['amsgrad'] === true;
    return {
      rule: amsgrad ? 'amsgrad' : 'adam',
      states: amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v'],
      parameters: [beta1, beta2, number(attrs, 'epsilon') / Math.sqrt(1 - beta2)],
      scalars: { mWeight: beta1, vWeight: beta2 },
      factor: { kind: 'adam', value: 0 },
    };
  },
  GradstreamAdagrad: (attrs) => ({
    rule: 'adagrad',
    states: ['v'],
    parameters: [0, number(attrs, 'epsilon'), 0],
    scalars: {},
    factor: ONE,
  }),
  GradstreamAdamax: (attrs) => ({
    rule: 'adamax',
    states: ['m', 'u'],
    parameters: [number(attrs, 'beta1'), number(attrs, 'beta2'), number(attrs, 'epsilon')],
    scalars: { mWeight: number(attrs, 'beta1') },
    factor: { kind: 'inverse', value: 0 },
  }),
  GradstreamLion: (attrs) => ({
    rule: 'lion',
    states: ['m'],
    parameters: [number(attrs, 'beta1'), number(attrs, 'beta2'), 0],
    scalars: {},
    factor: ONE,
  }),
};
