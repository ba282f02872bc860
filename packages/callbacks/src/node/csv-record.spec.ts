import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvRecord, firstCsvRecord } from './csv-record.js';

it('reads what it wrote, whatever is in the fields', () => {
  const field = fc.string({ unit: fc.constantFrom('a', ',', ';', '"', '\r', '\n', ' ', 'ä', '\t') });
  fc.assert(
    fc.property(fc.array(field, { minLength: 1 }), fc.constantFrom(',', ';', '\t'), (fields, separator) => {
      expect(firstCsvRecord(csvRecord(fields, separator) + csvRecord(['next'], separator), separator)).toEqual(fields);
    }),
  );
});
