import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createMachineLending } from '../../../src/main/machine/lending';
import { flatColourEngine } from '../../helpers/flat-colour-engine/flat-colour-engine';
import { BUILT } from '../../helpers/gltf-host';
import { needs } from '../../helpers/needs';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { startManager } from '../farm/farm-fixture';

needs.redis('a machine that is lent from the desktop app', () => {
  it('joins, delivers, comes back, leaves, and says why it can’t join', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const lent = join(folder, 'lent');
    const faults: unknown[] = [];
    const open = () => {
      const lending = createMachineLending({
        folder: lent,
        preferencesFolder: folder,
        pages: () => ({ open: () => Promise.reject(new Error('no pages here')), close: () => Promise.resolve() }),
        built: BUILT,
        engines: [flatColourEngine],
        idleSeconds: () => 7,
        onFault: (error) => faults.push(error),
      });
      onTestFinished(() => lending.close());
      return lending;
    };
    const first = open();
    expect(first.lending().state).toBe('off');
    expect(await first.resume()).toMatchObject({ state: 'off', name: null });
    const { url, token } = await manager.call('machine.invite', {});
    const wrong = await first.join({ url, token: 'too short', workers: 1 });
    expect(wrong).toMatchObject({ state: 'failed', name: null });
    expect(wrong.text).toContain('is not whole');

    const joined = await first.join({ url: ` ${url} `, token: `${token}\n`, workers: 2 });
    expect(joined).toMatchObject({ state: 'lent', url, workers: 2 });
    await manager.machinesWhere((list) => list.some(({ name, state }) => name === joined.name && state === 'idle'));
    const job = await manager.submit(6);
    expect((await manager.ended(job.id)).frames.done).toBe(6);
    await expect.poll(() => first.lending().delivered).toBe(6);
    const [seen] = await manager.call('machine.list', {});
    expect(seen).toMatchObject({ workers: 2, roots: [], lastError: null });
    expect(seen!.memory!.usedBytes).toBeGreaterThan(0);
    expect(seen!.memory!.usedBytes).toBeLessThan(seen!.memory!.totalBytes);

    // The app is ended and started again.
    await first.close();
    const second = open();
    expect(await second.resume()).toMatchObject({ state: 'lent', name: joined.name, url });
    const [back] = await manager.machinesWhere((list) => list.some(({ state }) => state === 'idle'));
    expect(await manager.call('machine.set', { id: back!.id, changes: { idleMinutes: 5 } })).toMatchObject({
      state: 'asleep',
    });
    expect(await second.leave()).toMatchObject({ state: 'off', name: null, text: null });
    expect(existsSync(join(lent, 'machine', 'identity.json'))).toBe(false);
    expect((await second.resume()).state).toBe('off');

    // Taken out of the farm by the manager, it says so and forgets the farm.
    const again = await manager.call('machine.invite', {});
    await second.join({ url: again.url, token: again.token, workers: 1 });
    for (const { id } of await manager.call('machine.list', {})) await manager.call('machine.forget', { id });
    await expect.poll(() => second.lending().state).toBe('failed');
    expect(second.lending().text).not.toBeNull();
    expect(existsSync(join(lent, 'machine', 'identity.json'))).toBe(false);
    expect(faults).toEqual([]);
  });
});
