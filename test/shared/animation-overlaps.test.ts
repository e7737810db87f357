import { expect, it } from 'vitest';
import { overlapWarnings } from '../../src/shared/animation-overlaps';

const overlaps = [
  ['Idle', 'Walk'],
  ['Idle', 'Run'],
  ['Walk', 'Run'],
] as const;

it('names for each animation the first that is played in its place', () => {
  expect(overlapWarnings(overlaps, ['Idle', 'Walk', 'Run'])).toEqual([
    'The animations “Idle” and “Walk” move the same things, and “Idle” wins there: to render “Walk”, choose it without the other.',
    'The animations “Idle” and “Run” move the same things, and “Idle” wins there: to render “Run”, choose it without the other.',
  ]);
  expect(overlapWarnings(overlaps, ['Walk', 'Run'])).toEqual([
    'The animations “Walk” and “Run” move the same things, and “Walk” wins there: to render “Run”, choose it without the other.',
  ]);
});

it('says nothing where one is played alone, or nothing overlaps', () => {
  expect(overlapWarnings(overlaps, ['Run'])).toEqual([]);
  expect(overlapWarnings(undefined, ['Run', 'Walk'])).toEqual([]);
});

it('counts the many', () => {
  const names = Array.from({ length: 30 }, (_, i) => `Clip ${i}`);
  const warnings = overlapWarnings(
    names.slice(1).map((name) => [names[0]!, name] as const),
    names,
  );
  expect(warnings).toHaveLength(21);
  expect(warnings.at(-1)).toBe('9 more of the animations yield to others.');
});
