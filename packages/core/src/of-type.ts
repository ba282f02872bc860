import { filter, type OperatorFunction } from 'rxjs';

/**
 * Lets only events of the given types pass, and narrows their type.
 *
 * ```ts
 * events$.pipe(ofType('epochEnd')).subscribe((event) => console.log(event.logs));
 * ```
 */
export function ofType<E extends { readonly type: string }, T extends E['type']>(
  ...types: readonly T[]
): OperatorFunction<E, Extract<E, { type: T }>> {
  return filter((event: E): event is Extract<E, { type: T }> => (types as readonly string[]).includes(event.type));
}
