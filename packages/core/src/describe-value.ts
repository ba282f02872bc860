/** A value as an error message shows it: short, on one line, never more than 80 characters. */
export function describeValue(value: unknown): string {
  const text = render(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Lists in lists are shown three levels deep. */
function render(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name}(${(value as unknown as { length?: number }).length ?? value.byteLength})`;
  if (Array.isArray(value)) {
    if (depth === 3) return '[...]';
    const shown = value.slice(0, 16).map((one) => render(one, depth + 1));
    return `[${shown.join(', ')}${value.length > 16 ? ', ...' : ''}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const name = Object.getPrototypeOf(value)?.constructor?.name ?? 'Object';
    return name === 'Object' ? `{ ${Object.keys(value).slice(0, 8).join(', ')} }` : `a ${name}`;
  }
  return String(value);
}
