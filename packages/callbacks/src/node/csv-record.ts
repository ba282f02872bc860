/** A line of a CSV file (RFC 4180), its end included: fields with the separator, a quote or a line end are quoted, quotes in them doubled. */
export function csvRecord(fields: readonly string[], separator: string): string {
  const quoted = fields.map((field) =>
    field.includes(separator) || /["\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field,
  );
  return `${quoted.join(separator)}\r\n`;
}

/** The fields of a CSV text's first line. Takes line ends of any system, and a byte order mark. */
export function firstCsvRecord(text: string, separator: string): string[] {
  const fields = [''];
  let quoted = false;
  const start = text.startsWith('\ufeff') ? 1 : 0;
  for (let index = start; index < text.length; index++) {
    const character = text[index]!;
    const last = fields.length - 1;
    if (quoted) {
      if (character !== '"') fields[last] += character;
      else if (text[index + 1] === '"') fields[last] += text[index++]!;
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === separator) fields.push('');
    else if (character === '\r' || character === '\n') break;
    else fields[last] += character;
  }
  return fields;
}
