import { describe, expect, it } from 'vitest';
import { labelsProblem, printable } from '../../../../src/addon/api/metrics/check-labels';
import { METRIC_LIMITS } from '../../../../src/addon/api/metrics/metric-limits';

describe('labels', () => {
  it.each([
    ['none', {}],
    ['texts and numbers', { engine: 'gltf', slot: 3 }],
    ['one without a value', { engine: undefined }],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 'b' })],
  ])('are taken: %s', (_what, labels) => expect(labelsProblem(labels)).toBeNull());

  it.each([
    ['a list', ['a'], /not names with values/],
    ['a map', new Map([['a', 'b']]), /not names with values/],
    ['a name with a line in it', { 'a\nup 0': 'x' }, /characters other than letters/],
    ['a name of Prometheus’s own', { __name__: 'up' }, /begins with __/],
    ['an object as a value', { a: { toString: 1 } }, /neither text nor number/],
    ['a value that no scraper reads', { a: 'x\0' }, /no scraper reads/],
    ['half a character', { a: '\ud800' }, /no scraper reads/],
    ['a long value', { a: 'x'.repeat(METRIC_LIMITS.labelLength + 1) }, /longer than 1000/],
    ['a bound outside of a bucket', { le: '1' }, /kept for the bounds/],
    ['too many', Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`l${index}`, 'x'])), /more than 32/],
  ])('are refused: %s', (_what, labels, problem) => expect(labelsProblem(labels)).toMatch(problem));

  it('of a bucket need a bound that is a number as Prometheus reads one', () => {
    for (const le of [1, Infinity, '+Inf', '0.5', '-1e3']) expect(labelsProblem({ le }, 'le'), String(le)).toBeNull();
    for (const le of ['0x10', ' 1', 'Inf', '1e999', '']) expect(labelsProblem({ le }, 'le'), le).not.toBeNull();
    expect(labelsProblem({}, 'le')).toMatch(/no bound/);
    expect(labelsProblem({ quantile: '0.5' }, 'le')).toMatch(/kept for the bounds/);
  });

  it('use up what there is for all of them together', () => {
    const budget = { characters: 10 };
    expect(labelsProblem({ ab: 'cde' }, null, budget)).toBeNull();
    expect(budget.characters).toBe(5);
    expect(labelsProblem({ ab: 'cdefg' }, null, budget)).toMatch(/together are too long/);
  });
});

it('shows a name in one line, and not all of a long one', () => {
  expect(printable('a\nb\u2028c\ud800')).toBe('a\ufffdb\ufffdc\ufffd');
  expect(printable('x'.repeat(100))).toHaveLength(80);
});
