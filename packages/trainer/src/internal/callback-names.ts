/**
 * What callbacks are called, in the order of their list: their names, and the second of a name with its place among them. The same in a training that goes on, whatever
 * else is in the list: what callbacks keep and ask for is kept under it.
 */
export function callbackNames(callbacks: readonly { readonly name: string }[]): readonly string[] {
  return callbacks.map(({ name }, index) => {
    const before = callbacks.slice(0, index).filter((other) => other.name === name).length;
    return `${name || 'callback'}${before > 0 ? ` #${before + 1}` : ''}`;
  });
}
