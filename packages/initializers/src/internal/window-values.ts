/** One value of a symmetric window: the sample's index and the window's length, 2 or more. */
type Window = (index: number, length: number) => number;

/** `a0 + a1 cos(x) + a2 cos(2x) + ...` for x from -pi to pi. */
const cosines =
  (...factors: number[]): Window =>
  (i, n) =>
    factors.reduce((sum, factor, k) => sum + factor * Math.cos(k * Math.PI * ((2 * i) / (n - 1) - 1)), 0);

/** The distance from the middle, 0 there and 1 at the ends. */
const away = (i: number, n: number): number => Math.abs((2 * i) / (n - 1) - 1);

/** Windows without parameters by SciPy's name, the parameters of some being SciPy's defaults. */
const WINDOWS: Readonly<Record<string, Window>> = {
  boxcar: () => 1,
  hann: cosines(0.5, 0.5),
  hamming: cosines(0.54, 0.46),
  blackman: cosines(0.42, 0.5, 0.08),
  nuttall: cosines(0.3635819, 0.4891775, 0.1365995, 0.0106411),
  blackmanharris: cosines(0.35875, 0.48829, 0.14128, 0.01168),
  flattop: cosines(0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
  bartlett: (i, n) => 1 - away(i, n),
  triang: (i, n) => {
    const place = Math.min(i, n - 1 - i) + 1;
    return n % 2 === 0 ? (2 * place - 1) / n : (2 * place) / (n + 1);
  },
  parzen: (i, n) => {
    const distance = Math.abs(2 * i - (n - 1)) / n;
    return distance <= (n - 1) / (2 * n) ? 1 - 6 * distance ** 2 + 6 * distance ** 3 : 2 * (1 - distance) ** 3;
  },
  bohman: (i, n) => {
    const x = away(i, n);
    return x === 1 ? 0 : (1 - x) * Math.cos(Math.PI * x) + Math.sin(Math.PI * x) / Math.PI;
  },
  barthann: (i, n) => 0.62 - 0.24 * away(i, n) + 0.38 * Math.cos(Math.PI * away(i, n)),
  cosine: (i, n) => Math.sin((Math.PI / n) * (i + 0.5)),
  exponential: (i, n) => Math.exp(-Math.abs(i - (n - 1) / 2)),
  tukey: (i, n) => {
    // Half of the window is flat: a quarter rises at each end.
    const fromEnd = Math.min(i, n - 1 - i);
    return fromEnd > Math.floor((n - 1) / 4) ? 1 : 0.5 * (1 - Math.cos((4 * Math.PI * fromEnd) / (n - 1)));
  },
  lanczos: (i, n) => {
    const x = Math.PI * away(i, n);
    return x === 0 ? 1 : Math.sin(x) / x;
  },
  taylor: (i, n) => taylor(i, n) / taylor((n - 1) / 2, n),
};

const ALIASES: Readonly<Record<string, string>> = {
  ...{ box: 'boxcar', ones: 'boxcar', rect: 'boxcar', rectangular: 'boxcar', han: 'hann', ham: 'hamming' },
  ...{ hamm: 'hamming', black: 'blackman', blk: 'blackman', nut: 'nuttall', nutl: 'nuttall', bkh: 'blackmanharris' },
  ...{ blackharr: 'blackmanharris', flat: 'flattop', flt: 'flattop', bart: 'bartlett', brt: 'bartlett' },
  ...{ tri: 'triang', triangle: 'triang', par: 'parzen', parz: 'parzen', bman: 'bohman', bmn: 'bohman' },
  ...{ brthan: 'barthann', bth: 'barthann', halfcosine: 'cosine', poisson: 'exponential', tuk: 'tukey' },
  ...{ sinc: 'lanczos', taylorwin: 'taylor' },
};

/** True for a name that SciPy knows a window by. */
export function isWindowName(name: string): boolean {
  return Object.hasOwn(WINDOWS, name) || Object.hasOwn(ALIASES, name);
}

/** The values of a window in float64; a periodic one is the symmetric one of one sample more without its last. */
export function windowValues(name: string, length: number, periodic: boolean): readonly number[] {
  const window = WINDOWS[ALIASES[name] ?? name]!;
  return Array.from({ length }, (_, index) => (length === 1 ? 1 : window(index, length + Number(periodic))));
}

/** The factors of Taylor's window for four sidelobes of -30 dB. Source: Carrara et al., "Spotlight synthetic aperture radar", 1995. */
const TAYLOR = ((sidelobes: number, decibels: number): number[] => {
  const a = Math.acosh(10 ** (decibels / 20)) / Math.PI;
  const spread = sidelobes ** 2 / (a ** 2 + (sidelobes - 0.5) ** 2);
  const orders = Array.from({ length: sidelobes - 1 }, (_, index) => index + 1);
  return orders.map((m) => {
    const above = orders.reduce((product, k) => product * (1 - m ** 2 / spread / (a ** 2 + (k - 0.5) ** 2)), 1);
    const below = orders.reduce((product, k) => (k === m ? product : product * (1 - m ** 2 / k ** 2)), 1);
    return ((m % 2 === 1 ? 1 : -1) * above) / (2 * below);
  });
})(4, 30);

const taylor: Window = (i, n) =>
  TAYLOR.reduce((sum, factor, k) => sum + 2 * factor * Math.cos((2 * Math.PI * (k + 1) * (i - n / 2 + 0.5)) / n), 1);
