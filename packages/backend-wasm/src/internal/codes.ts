// Read by both sides: the TypeScript that calls a kernel and the AssemblyScript that runs it. Order is the numbering.

/** Elementwise functions of one float32 argument to float32. LeakyRelu, Elu and Step take a slope, ClipByValue its bounds. */
export const enum Unary {
  Abs,
  Neg,
  Square,
  Sqrt,
  Rsqrt,
  Reciprocal,
  Ceil,
  Floor,
  Round,
  Sign,
  Relu,
  Relu6,
  LeakyRelu,
  Elu,
  Selu,
  Step,
  Exp,
  Expm1,
  Log,
  Log1p,
  Sigmoid,
  Tanh,
  Softplus,
  Erf,
  ClipByValue,
}

/** Elementwise functions of two float32 arguments to float32. */
export const enum Binary {
  Add,
  Sub,
  Multiply,
  RealDiv,
  Maximum,
  Minimum,
  SquaredDifference,
  Prelu,
  EluGrad,
  /** The first is the gradient, the second the result of the activation. */
  ReluGrad,
  Relu6Grad,
  SigmoidGrad,
  TanhGrad,
}

/** Comparisons of two float32 or two int32 arguments to bool. */
export const enum Comparison {
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
}

/** Tests of one float32 argument to bool. */
export const enum Test {
  IsNan,
  IsInf,
  IsFinite,
  /** Not 0: the conversion to bool. */
  NonZero,
}

/** Functions of bool arguments to bool; LogicalNot looks at the first only. */
export const enum Logical {
  And,
  Or,
  Xor,
  Not,
}

/** Reductions of float32 to float32 or, for the places of an extreme, to int32. */
export const enum Reduction {
  Sum,
  Mean,
  Prod,
  Max,
  Min,
}
