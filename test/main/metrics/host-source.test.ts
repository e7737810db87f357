import { expect, it } from 'vitest';
import { hostSource } from '../../../src/main/metrics/host-source';

it('reads the machine each time, and looks for engines once, when metrics are first asked for', async () => {
  const did: string[] = [];
  const source = hostSource(
    { families: () => Promise.resolve([]) },
    {
      list() {
        did.push('engines');
        return Promise.reject(new Error('The disk is gone.'));
      },
    },
    { refresh: async () => void did.push('machine') },
    (text) => did.push(text),
  );
  expect(did).toEqual([]);
  expect(await source.families()).toEqual([]);
  await source.families();
  expect(did.filter((one) => one === 'machine')).toHaveLength(2);
  expect(did.filter((one) => one !== 'machine')).toEqual(['engines', 'Looking for engines failed: The disk is gone.']);
});
