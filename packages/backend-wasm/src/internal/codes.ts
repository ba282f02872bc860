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
  Sin,
  Cos,
  Tan,
  Asin,
  Acos,
  Atan,
  Sinh,
  Cosh,
  Asinh,
  Acosh,
  Atanh,
  ClipByValue,
}

/** Elementwise functions of two arguments of one type to that type; the last is for int32 only. */
export const enum Binary {
  Add,
  Sub,
  Multiply,
  RealDiv,
  Maximum,
  Minimum,
  SquaredDifference,
  Prelu,
  /** The first is the gradient, the second the result of the activation. */
  EluGrad,
  Pow,
  Atan2,
  FloorDiv,
  Mod,
  BitwiseAnd,
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

/** Activations whose slope follows from their result. */
export const enum Activation {
  Relu,
  Relu6,
  Sigmoid,
  Tanh,
  Elu,
}

/** What words of random bits become; UniformFrom begins elsewhere than at 0. */
export const enum Random {
  Uniform,
  UniformFrom,
  Normal,
  Dropout,
}

/** Rules of optimizers: how a gradient and what is remembered give a direction. */
export const enum Rule {
  Scale,
  Momentum,
  Nesterov,
  Rms,
  CenteredRms,
  Adam,
  Amsgrad,
  Adagrad,
  Adamax,
  Lion,
}

/** What the module of wide functions has, by their places in the table of functions. */
export const enum Wide {
  PanelTile,
  RowsTile,
  DenseTile,
  LstmForward,
  LstmBackward,
  GruForward,
  GruBackward,
}
