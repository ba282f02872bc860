/** Where in the first page of the memory the constants lie. */
const TABLE: usize = 4096;

/**
 * The constants of the vector functions. V8 builds a vector constant from immediates, four or five instructions each time it is used; one that lies in memory
 * is spread over a vector by a single load.
 */
export const enum Constant {
  EXP_4,
  EXP_3,
  EXP_2,
  EXP_1,
  HALF,
  SMALLEST_EXPONENT,
  LARGEST_EXPONENT,
  LOG2_E,
  LN2_HIGH,
  LN2_LOW,
  ONE,
  EXPM1_SMALLEST,
  TINY,
  TANH_4,
  TANH_3,
  TANH_2,
  TANH_1,
  TANH_0,
  TWO,
  TANH_SWITCH,
  ERF_6,
  ERF_5,
  ERF_4,
  ERF_3,
  ERF_2,
  ERF_1,
  ERF_0,
  FOUR,
  ERFC_7,
  ERFC_6,
  ERFC_5,
  ERFC_4,
  ERFC_3,
  ERFC_2,
  ERFC_1,
  ERFC_0,
  ERF_SWITCH,
  SIGN_BIT,
  SMALLEST_NORMAL,
  LIFT,
  LOG_8,
  LOG_7,
  LOG_6,
  LOG_5,
  LOG_4,
  LOG_3,
  LOG_2,
  LOG_1,
  LOG_0,
  MINUS_INFINITY,
  PLUS_INFINITY,
  NOT_A_NUMBER,
  SELU_SCALE,
  SELU_ALPHA,
  SIX,
  ROUNDER,
  PLAIN_EXPONENT,
  ONE_BITS,
  HALF_BITS,
  EXPONENT_BITS,
  SQRT_HALF_BITS,
  LIFT_STEPS,
  SIZE_BITS,
  UNIT_STEP,
  MINUS_TWO,
  QUARTER,
  SINE_4,
  SINE_3,
  SINE_2,
  SINE_1,
  SINE_0,
  SINE_TURN,
  COSINE_4,
  COSINE_3,
  COSINE_2,
  COSINE_1,
  COSINE_0,
  PHILOX_0,
  PHILOX_1,
  KEY_STEP_0,
  KEY_STEP_1,
  ONE_WHOLE,
  TWO_WHOLE,
  FOUR_WHOLE,
  SQUARE_LIMIT_BITS,
  MINUS_LOG2_E,
  TANH_END,
}

/** One constant in all four places. */
// @ts-ignore: decorator
@inline
export function constant(index: i32): v128 { return v128.load32_splat(TABLE + (<usize>index << 2)); }

// @ts-ignore: decorator
@inline
function put(index: i32, value: f32): void { store<f32>(TABLE + (<usize>index << 2), value); }
// @ts-ignore: decorator
@inline
function putInt(index: i32, value: i32): void { store<i32>(TABLE + (<usize>index << 2), value); }

/** Writes the table; once for each memory, before any kernel runs. ln 2 is in two parts: the first has nine bits, so a whole multiple of it is exact. */
export function writeConstants(): void {
  put(Constant.EXP_4, 0.0013942924560979009);
  put(Constant.EXP_3, 0.008369393646717072);
  put(Constant.EXP_2, 0.04166637733578682);
  put(Constant.EXP_1, 0.16666515171527863);
  put(Constant.HALF, 0.5);
  put(Constant.SMALLEST_EXPONENT, -104);
  put(Constant.LARGEST_EXPONENT, 89);
  put(Constant.LOG2_E, 1.44269504088896341);
  put(Constant.LN2_HIGH, 0.693359375);
  put(Constant.LN2_LOW, -2.12194440e-4);
  put(Constant.ONE, 1);
  put(Constant.EXPM1_SMALLEST, -18);
  put(Constant.TINY, 1e-20);
  put(Constant.TANH_4, -0.005714063532650471);
  put(Constant.TANH_3, 0.020648062229156494);
  put(Constant.TANH_2, -0.053742773830890656);
  put(Constant.TANH_1, 0.1333148330450058);
  put(Constant.TANH_0, -0.3333328366279602);
  put(Constant.TWO, 2);
  put(Constant.TANH_SWITCH, 0.625);
  put(Constant.TANH_END, 40);
  put(Constant.ERF_6, 7.968411227921024e-05);
  put(Constant.ERF_5, -0.0008043629350140691);
  put(Constant.ERF_4, 0.005191936623305082);
  put(Constant.ERF_3, -0.0268555860966444);
  put(Constant.ERF_2, 0.11283624172210693);
  put(Constant.ERF_1, -0.3761262893676758);
  put(Constant.ERF_0, 0.12837916612625122);
  put(Constant.FOUR, 4);
  put(Constant.ERFC_7, 4.940955477650277e-06);
  put(Constant.ERFC_6, -4.561119567370042e-05);
  put(Constant.ERFC_5, -4.9451682571088895e-05);
  put(Constant.ERFC_4, 0.0029298339504748583);
  put(Constant.ERFC_3, -0.02267369255423546);
  put(Constant.ERFC_2, 0.10526234656572342);
  put(Constant.ERFC_1, 0.635625422000885);
  put(Constant.ERFC_0, 1.128551721572876);
  put(Constant.ERF_SWITCH, 0.92);
  putInt(Constant.SIGN_BIT, <i32>0x80000000);
  put(Constant.SMALLEST_NORMAL, 1.17549435e-38);
  put(Constant.LIFT, 33554432);
  put(Constant.LOG_8, 0.06749271601438522);
  put(Constant.LOG_7, -0.11670099198818207);
  put(Constant.LOG_6, 0.11883548647165298);
  put(Constant.LOG_5, -0.12406233698129654);
  put(Constant.LOG_4, 0.14220358431339264);
  put(Constant.LOG_3, -0.16667988896369934);
  put(Constant.LOG_2, 0.2000207155942917);
  put(Constant.LOG_1, -0.25000008940696716);
  put(Constant.LOG_0, 0.3333331346511841);
  put(Constant.MINUS_INFINITY, -Infinity);
  put(Constant.PLUS_INFINITY, Infinity);
  put(Constant.NOT_A_NUMBER, NaN);
  put(Constant.SELU_SCALE, 1.0507009873554805);
  put(Constant.SELU_ALPHA, 1.6732632423543772);
  put(Constant.SIX, 6);
  put(Constant.ROUNDER, 12582912);
  put(Constant.PLAIN_EXPONENT, 87);
  putInt(Constant.ONE_BITS, 0x3f800000);
  putInt(Constant.HALF_BITS, 0x3f000000);
  putInt(Constant.EXPONENT_BITS, <i32>0xff800000);
  putInt(Constant.SQRT_HALF_BITS, 0x3f3504f3);
  put(Constant.LIFT_STEPS, 25);
  putInt(Constant.SIZE_BITS, 0x7fffffff);
  put(Constant.UNIT_STEP, 5.9604644775390625e-8);
  put(Constant.MINUS_TWO, -2);
  put(Constant.QUARTER, 0.25);
  put(Constant.SINE_4, 42.058693944897634);
  put(Constant.SINE_3, -76.70585975306136);
  put(Constant.SINE_2, 81.60524927607504);
  put(Constant.SINE_1, -41.341702240399755);
  put(Constant.SINE_0, -1.7484556025237907e-7);
  put(Constant.SINE_TURN, 6.2831854820251465);
  put(Constant.COSINE_4, -26.426256783374388);
  put(Constant.COSINE_3, 60.24464137187664);
  put(Constant.COSINE_2, -85.45681720669371);
  put(Constant.COSINE_1, 64.93939402266828);
  put(Constant.COSINE_0, -19.739208802178716);
  putInt(Constant.PHILOX_0, <i32>0xd2511f53);
  putInt(Constant.PHILOX_1, <i32>0xcd9e8d57);
  putInt(Constant.KEY_STEP_0, <i32>0x9e3779b9);
  putInt(Constant.KEY_STEP_1, <i32>0xbb67ae85);
  putInt(Constant.ONE_WHOLE, 1);
  putInt(Constant.TWO_WHOLE, 2);
  putInt(Constant.FOUR_WHOLE, 4);
  putInt(Constant.SQUARE_LIMIT_BITS, 0x20000000);
  put(Constant.MINUS_LOG2_E, -1.44269504088896341);
}
