import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readOpenLine, readTextLine, readValue } from '../../../../src/addon/api/metrics/sample-line';

const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/);
const labels = fc.dictionary(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/), fc.string({ unit: 'grapheme' }), {
  maxKeys: 5,
});
/** Without -0, which JavaScript writes as 0. */
const number = fc.double().map((value) => value + 0);
const escape = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

it('reads back whatever was written, in either format', () => {
  fc.assert(
    fc.property(name, labels, number, fc.integer({ min: -8e12, max: 8e12 }), (metric, given, value, time) => {
      const written = Object.entries(given)
        .map(([label, text]) => `${label}="${escape(text)}"`)
        .join(',');
      const number = String(value).replace('Infinity', 'Inf');
      const sample = { name: metric, labels: given, value, timestamp: time / 1000 };
      expect(readTextLine(`${metric}{${written}} ${number} ${time}`)).toEqual(sample);
      expect(readOpenLine(`${metric}{${written}} ${number} ${time / 1000}`)).toEqual(sample);
    }),
  );
});

it('a label may be named as anything of an object’s', () => {
  const { labels: read } = readTextLine('x{__proto__="1",constructor="2"} 1');
  expect(Object.entries(read)).toEqual([
    ['__proto__', '1'],
    ['constructor', '2'],
  ]);
});

it.each<[string, number]>([
  ['1', 1],
  ['+1.5e-3', 0.0015],
  ['.5', 0.5],
  ['5.', 5],
  ['NaN', NaN],
  ['nan', NaN],
  ['+Inf', Infinity],
  ['-inf', -Infinity],
  ['Infinity', Infinity],
])('%s is a number', (text, value) => {
  expect(readValue(text)).toBe(value);
});

it.each(['', '.', 'e5', '1e', '0x1', '1,5', '1_0', '١', 'NaN1', '--1', '1e400', 'Infinit'])('“%s” is none', (text) => {
  expect(() => readValue(text)).toThrow(/is not a number/);
});
