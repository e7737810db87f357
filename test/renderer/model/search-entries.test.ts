import { expect, it } from 'vitest';
import { foundEntries, type SearchEntry } from '../../../src/renderer/model/search-entries';

const entry = (label: string, place: string, description = ''): SearchEntry => ({
  id: label,
  label,
  place,
  description,
  keys: undefined,
  refusal: null,
  run: () => undefined,
});
const ENTRIES = [
  entry('Show Render', 'View'),
  entry('Render Image', 'Render'),
  entry('Pause Queue', 'Render'),
  entry('Encode Video', 'Video', 'Makes a film of rendered images'),
];
const found = (text: string): string[] => foundEntries(ENTRIES, text).map(({ label }) => label);

it('finds words in any order, labels that begin with them first', () => {
  expect(found('')).toEqual(ENTRIES.map(({ label }) => label));
  expect(found(' render')).toEqual(['Render Image', 'Show Render', 'Pause Queue', 'Encode Video']);
  expect(found('QUEUE pau')).toEqual(['Pause Queue']);
  expect(found('film')).toEqual(['Encode Video']);
  expect(found('nothing')).toEqual([]);
});
