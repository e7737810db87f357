import { expect, it } from 'vitest';
import { createDisposableStore } from '../../src/main/disposable-store';

function makeStore(): { store: ReturnType<typeof createDisposableStore>; ended: string[]; errors: unknown[] } {
  const errors: unknown[] = [];
  return { store: createDisposableStore((error) => errors.push(error)), ended: [], errors };
}

it('gives back what was acquired, last first, one after the other', async () => {
  const { store, ended } = makeStore();
  const part = { close: () => ended.push('part') };
  expect(store.add(part)).toBe(part);
  store.defer(() => ended.push('listener'));
  store.add('server', async (name) => {
    ended.push(`${name} closes`);
    await new Promise(setImmediate);
    ended.push(`${name} is closed`);
  });
  await store.close();
  expect(ended).toEqual(['server closes', 'server is closed', 'listener', 'part']);
});

it('reports what can’t be given back, and gives back the others', async () => {
  const { store, ended, errors } = makeStore();
  const [first, second] = [new Error('first'), new Error('second')];
  store.defer(() => ended.push('lock'));
  store.defer(() => Promise.reject(first));
  store.defer(() => {
    throw second;
  });
  await store.close();
  expect({ ended, errors }).toEqual({ ended: ['lock'], errors: [second, first] });
});

it('gives back once, whoever asks, and all of them wait for it', async () => {
  const { store, ended } = makeStore();
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  store.defer(async () => {
    await gate;
    ended.push('part');
  });
  const both = Promise.all([store.close(), store.close()]).then(() => [...ended]);
  go();
  expect(await both).toEqual(['part']);
  await store.close();
  expect(ended).toEqual(['part']);
});

it('gives back at once what is acquired after the end', async () => {
  const { store, ended } = makeStore();
  store.defer(() => ended.push('early'));
  const closing = store.close();
  const late = new Promise<void>((resolve) =>
    store.defer(() => {
      ended.push('late');
      resolve();
    }),
  );
  await Promise.all([closing, late]);
  expect(ended).toEqual(['early', 'late']);
});
