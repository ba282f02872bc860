/** The first key that an object of a JSON text has twice, or null. `JSON.parse` keeps the last one silently. The text must be valid JSON. */
export function duplicateKey(json: string): string | null {
  // One entry an open bracket: the keys of an object, null for a list.
  const open: (Set<string> | null)[] = [];
  let keyComes = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '"') {
      const end = closingQuote(json, i);
      const keys = open.at(-1);
      if (keyComes && keys) {
        const key = JSON.parse(json.slice(i, end + 1)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      keyComes = false;
      i = end;
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : null);
      keyComes = character === '{';
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === ',') {
      keyComes = open.at(-1) !== null;
    }
  }
  return null;
}

function closingQuote(json: string, start: number): number {
  let end = start + 1;
  while (json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
  return end;
}
