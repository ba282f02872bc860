// Runs before each file of tests. What is given no seed draws one: in tests the same each time, so that a test which fails for some weights fails always.
let state = 1;
Math.random = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
