import { expect, it } from 'vitest';
import { matcherOf, NO_FILTER } from '../../../src/renderer/model/queue-filter';
import { foundEntries } from '../../../src/renderer/model/search-entries';
import { folded, searchWords } from '../../../src/renderer/model/search-words';
import { sampleJob } from '../../helpers/samples';

it('are the same however their letters are composed, and whatever their width', () => {
  expect(folded('Caf\u00E9')).toBe(folded('CAFE\u0301'));
  expect(searchWords('  Ｓｈｏｔ１２  caf\u00E9 ')).toEqual(['shot12', 'caf\u00E9']);
});

it('find jobs and commands by either', () => {
  const job = sampleJob({ name: 'Cafe\u0301' });
  expect(matcherOf({ ...NO_FILTER, text: 'caf\u00E9' })(job)).toBe(true);
  const entry = {
    id: 'a',
    label: 'Cafe\u0301',
    place: '',
    keys: undefined,
    description: '',
    refusal: null,
    run() {},
  };
  expect(foundEntries([entry], 'CAF\u00C9')).toEqual([entry]);
});
