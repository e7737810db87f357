import { expect, test, vi } from 'vitest';
import { type AddonRequestsOptions, createAddonRequests } from '../../../src/main/addons/addon-requests';
import type { AddonManifest } from '../../../src/shared/addons';
import type { OperationReply } from '../../../src/shared/host-api';
import { EMPTY_SNAPSHOT } from '../../helpers/empty-snapshot';
import { sampleAddon } from '../../helpers/samples';

function answers(access: 'read' | 'control' | null, options: Partial<AddonRequestsOptions> = {}) {
  const { manifest } = sampleAddon();
  const permissions: AddonManifest['permissions'] =
    access === null ? {} : { jobs: { reason: 'It needs them.', access } };
  const call = vi.fn(async (operation: string, input: unknown): Promise<OperationReply> => ({
    ok: true,
    value: { operation, input },
  }));
  const answer = createAddonRequests({
    manifest: { ...manifest, name: 'Sample', permissions },
    snapshot: () => EMPTY_SNAPSHOT,
    collect: async () => ({ families: [], addons: [], snapshot: EMPTY_SNAPSHOT }),
    call,
    image: async () => ({ bytes: new Uint8Array(3), type: 'image/png' }),
    ...options,
  });
  const ask = async (operation: string, input: unknown = {}): Promise<unknown> =>
    answer({ what: 'operation', operation, input });
  return { answer, ask, call };
}

test('a snapshot is answered at once, and needs no permission', () => {
  expect(answers(null).answer({ what: 'snapshot' })).toBe(EMPTY_SNAPSHOT);
});

test.each([
  [null, 'job.list', 'read'],
  [null, 'job.submit', 'control'],
  ['read', 'job.submit', 'control'],
  ['read', 'queue.pause', 'control'],
] as const)(
  'with the access %s, %s is refused and the missing permission named',
  async (access, operation, missing) => {
    const { ask, call } = answers(access);
    await expect(ask(operation)).rejects.toThrow(
      `The add-on “Sample” may not use “${operation}”: its addon.json has to ask for the permission “jobs” with the access “${missing}”.`,
    );
    expect(call).not.toHaveBeenCalled();
  },
);

test('an image needs the permission to read', async () => {
  const image = { what: 'image', jobId: 1, frame: 1 } as const;
  expect(() => answers(null).answer(image)).toThrow(/may not use images of jobs/);
  expect(await answers('read').answer(image)).toEqual({ bytes: new Uint8Array(3), type: 'image/png' });
});

test.each(['preferences.set', 'addon.enable', 'files.list', 'host.state', 'toString', '__proto__', 'job.fly'])(
  'there is no operation %s for add-ons',
  async (operation) => {
    const { ask, call } = answers('control');
    await expect(ask(operation)).rejects.toThrow(`Add-ons have no operation “${operation}”.`);
    expect(call).not.toHaveBeenCalled();
  },
);

test.each([
  ['job.submit', { scene: '/a.blend', allowScripts: true }],
  ['job.plan', { scene: '/a.blend', allowScripts: true }],
  ['job.edit', { id: 1, changes: { allowScripts: true } }],
])('%s cannot allow scripts', async (operation, input) => {
  const { ask, call } = answers('control');
  await expect(ask(operation, input)).rejects.toThrow(/cannot allow the scripts/);
  expect(call).not.toHaveBeenCalled();
});

test('what the host refuses is told in its words', async () => {
  const { ask } = answers('read', {
    call: async () => ({ ok: false, error: { message: 'There is no job 7.', kind: 'not-found' } }),
  });
  await expect(ask('job.get', { id: 7 })).rejects.toThrow('There is no job 7.');
});

test('calls are carried out one after another, and only so many wait', async () => {
  const underWay: (() => void)[] = [];
  const call = vi.fn(
    () => new Promise<OperationReply>((resolve) => underWay.push(() => resolve({ ok: true, value: underWay.length }))),
  );
  const { ask } = answers('read', { call });
  const asked = Array.from({ length: 100 }, () => ask('queue.get'));
  await expect(ask('queue.get')).rejects.toThrow(/has 100 calls under way/);
  for (let done = 0; done < 100; done++) {
    await vi.waitFor(() => expect(underWay).toHaveLength(done + 1));
    underWay[done]!();
  }
  await Promise.all(asked);
  const after = ask('queue.get');
  await vi.waitFor(() => expect(underWay).toHaveLength(101));
  underWay[100]!();
  expect(await after).toBe(101);
});
