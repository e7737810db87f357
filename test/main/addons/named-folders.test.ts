import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { followFolders } from '../../../src/main/addons/named-folders';
import { createDisposableStore } from '../../../src/main/disposable-store';
import { createLifecycle } from '../../../src/main/events/lifecycle';

describe('the folders of add-ons', () => {
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
