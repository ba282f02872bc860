/**
 * Marks a function that does the same to a batch as to each of its examples, so that `map` may apply it to whole batches:
 * `f(stack(a, b))` has to equal `stack(f(a), f(b))`. Such a function is synchronous and leaves the leading dimension alone.
 */
export function rowwise<F extends (element: never) => unknown>(change: F): F {
  // A wrapper, so that the caller's function stays as it was.
  const marked = (element: never): unknown => change(element);
  return Object.assign(marked as F, { rowwise: true });
}

/** True for a function that `rowwise` has marked. */
export function isRowwise(change: unknown): boolean {
  return typeof change === 'function' && (change as { readonly rowwise?: unknown }).rowwise === true;
}
