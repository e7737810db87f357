import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type FamilyUpdate, isUpdate, readUpdate, writeUpdate } from '../../../../src/addon/api/metrics/process-update';

const token = 'a-token-of-a-run';
const update = (change: Partial<FamilyUpdate> = {}): FamilyUpdate => ({
  name: 'x',
  help: 'h',
  type: 'gauge',
  mode: 'sum',
  bounds: null,
  labelNames: ['a'],
  rows: new Map([['a="1"', [1]]]),
  gone: [],
  ...change,
});

/** As the channel of child_process carries it by default. */
const sent = (families: FamilyUpdate[]): unknown[] =>
  writeUpdate(token, families).map((message) => JSON.parse(JSON.stringify(message)) as unknown);

it('comes out as it went in, whatever the numbers', () => {
  const families = [
    update({ rows: new Map([NaN, Infinity, -Infinity, -0.5, 1e300].map((value, n) => [`a="${n}"`, [value]])) }),
    update({ name: 'r', mode: 'mostrecent', rows: new Map([['', [1, 1_700_000_000_000.5]]]), gone: ['a="2"'] }),
    update({ name: 'h', type: 'histogram', mode: null, bounds: [0.5, 1], rows: new Map([['', [1, 2, 3.5, 4]]]) }),
    update({ name: 's', type: 'summary', mode: null, rows: new Map([['', [3.5, 4]]]) }),
    update({ name: 'c_total', type: 'counter', mode: null, rows: new Map() }),
  ];
  expect(sent(families).map(readUpdate)).toEqual([{ token, families }]);
});

it('of very many series is several messages', () => {
  const rows = new Map(Array.from({ length: 5_000 }, (_, n) => [`a="${n}"`, [n]] as const));
  const messages = sent([update({ rows }), update({ name: 'y' })]);
  expect(messages).toHaveLength(3);
  const read = messages.flatMap((message) => {
    const result = readUpdate(message);
    return typeof result === 'string' ? expect.unreachable(result) : result.families;
  });
  expect(new Map(read.filter(({ name }) => name === 'x').flatMap((family) => [...family.rows]))).toEqual(rows);
  expect(read.at(-1)!.name).toBe('y');
});

it.each<[string, object, string]>([
  ['another version', { framegaugeMetrics: 2 }, 'another version'],
  ['no token', { token: 7 }, 'which process'],
  ['no list', { families: {} }, 'no list'],
  ['more families than anybody has', { families: Array(2_000) }, 'no list of at most 1000'],
  ['a family that is none', { families: [null] }, 'is none'],
])('with %s is refused', (_what, change, problem) => {
  expect(readUpdate({ framegaugeMetrics: 1, token, families: [], ...change })).toContain(problem);
});

it.each<[string, object, string]>([
  ['a name that forges a line', { name: 'x 1\nforged' }, 'a name that is none'],
  ['a help that is none', { help: 7 }, 'has no help'],
  ['a type that is none', { type: 'info' }, 'is none of counter'],
  ['a mode that there is not', { mode: 'average' }, 'no mode'],
  ['a counter with a mode', { type: 'counter' }, 'no mode'],
  ['bounds that fall', { type: 'histogram', mode: null, bounds: [1, 0.5] }, 'bounds'],
  ['bounds that are text', { type: 'histogram', mode: null, bounds: ['1'] }, 'bounds'],
  ['a label of Prometheus’s own', { labelNames: ['__name__'] }, 'label names'],
  ['labels that forge a line', { rows: [['a="1"} 1\nforged{b="', 1]] }, 'labels that are none'],
  ['a label that was not declared', { rows: [['a="1",pid="7"', 1]] }, 'labels that are none'],
  ['a row too long', { rows: [['a="1"', 1, 2]] }, 'another form'],
  ['a row that is none', { rows: ['a="1"'] }, 'another form'],
  ['more rows than a message has', { rows: Array.from({ length: 3_000 }, (_, n) => [`a="${n}"`, 1]) }, 'at most 2000'],
  ['a falling counter', { type: 'counter', mode: null, rows: [['', -1]] }, 'values'],
  ['buckets that fall', { type: 'histogram', mode: null, bounds: [1], rows: [['', 3, 1, 2]] }, 'values'],
  ['a sum that is none', { type: 'summary', mode: null, rows: [['', 'Infinity', 2]] }, 'values'],
  ['a time that is none', { mode: 'mostrecent', rows: [['', 1, -1]] }, 'values'],
  ['gone series that are none', { gone: [7] }, 'labels'],
])('of a metric with %s is refused', (_what, change, problem) => {
  const [message] = sent([update()]) as [{ families: object[] }];
  Object.assign(message.families[0]!, change);
  expect(readUpdate(message)).toContain(problem);
});

it('never throws, whatever a worker sends', () => {
  const [message] = sent([update()]) as [{ families: Record<string, unknown>[] }];
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(message.families[0]!)), fc.anything(), (key, value) => {
      const result = readUpdate({ ...message, families: [{ ...message.families[0], [key]: value }] });
      expect(typeof result === 'string' || result.token === token).toBe(true);
    }),
  );
  fc.assert(fc.property(fc.anything(), (value) => typeof readUpdate(value) === 'string'));
});

it('is told from the add-on’s own messages', () => {
  expect(writeUpdate(token, [update()]).every(isUpdate)).toBe(true);
  for (const other of [null, 'framegaugeMetrics', 7, [], { type: 'hello' }]) expect(isUpdate(other)).toBe(false);
});
