import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createNamedFolders, followFolders } from '../../../src/main/addons/named-folders';
import { createDisposableStore } from '../../../src/main/disposable-store';
import { createLifecycle } from '../../../src/main/events/lifecycle';
import { JobStore } from '../../../src/main/jobs/store/job-store';
import type { SceneInfo } from '../../../src/shared/scene';
import { paperJob } from '../../helpers/paper-queue';
import { temporaryFolder } from '../../helpers/temporary-folder';

describe('the folders of add-ons', () => {
  it('are those of jobs, ended ones too, and for one that submits jobs those in the preferences alone', () => {
    const store = new JobStore(temporaryFolder());
    onTestFinished(() => store.close());
    for (const id of [1, 2]) store.add(paperJob(`/scenes/${id}`, { output: `/shots/${id}/####.png` }));
    store.setState(1, 'cancelled', 'by the test');
    const folders = createNamedFolders({
      store,
      preferences: { outputDirectory: () => '/out', host: () => ({ 'render.sceneFolders': '/textures' }) },
      scene: { get: () => ({ path: '/open/scene.glb' }) as SceneInfo },
    });
    for (const access of [undefined, 'read'] as const)
      expect(folders(access)).toEqual({
        output: ['/out', '/shots/1', '/shots/2'],
        scenes: ['/open', '/scenes/2', '/textures'],
      });
    expect(folders('control')).toEqual({ output: ['/out'], scenes: ['/textures'] });
  });

  it('are looked at again from time to time, until the host closes', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const held = createDisposableStore(() => expect.fail());
    const foldersChanged = vi.fn(async () => {});
    followFolders(
      createLifecycle(() => expect.fail()),
      { foldersChanged },
      held,
    );
    await vi.advanceTimersByTimeAsync(25_000);
    expect(foldersChanged).toHaveBeenCalledTimes(2);
    await held.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(foldersChanged).toHaveBeenCalledTimes(2);
  });
});
