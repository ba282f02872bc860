/** What the dimensions of an input are, by the number of spatial ones. */
export const SPATIAL_FORMS: Readonly<Record<1 | 2 | 3, string>> = {
  1: '[batch, steps, features]',
  2: '[batch, height, width, channels]',
  3: '[batch, depth, height, width, channels]',
};
