import { describe, expect, it } from 'vitest';
import { NO_SELECTION } from '../../../src/renderer/model/job-selection';
import {
  loadWindow,
  restoredDismissals,
  restoredSelection,
  savedDismissals,
  savedSelection,
  saveWindow,
} from '../../../src/renderer/model/saved-window';

function storageWith(text: string | null): Storage {
  let kept = text;
  return { getItem: () => kept, setItem: (_key: string, value: string) => void (kept = value) } as unknown as Storage;
}
const usual = { workspace: 'render', maximized: null, selected: [], dismissed: [] };

describe('how a window stood', () => {
  it('is that of this tab, else that of any', () => {
    const [tab, all] = [storageWith(null), storageWith(null)];
    saveWindow({ ...usual, workspace: 'machines' }, [all]);
    expect(loadWindow([tab, all]).workspace).toBe('machines');
    saveWindow({ ...usual, maximized: 'queue' }, [tab]);
    expect(loadWindow([tab, all])).toEqual({ ...usual, maximized: 'queue' });
  });

  it.each([null, '', '{', '[]', '{"maximized":"moon","selected":[1],"dismissed":{}}'])('is the usual from %j', (text) =>
    expect(loadWindow([storageWith(text)])).toEqual(usual),
  );

  it('has the jobs that were selected and are the same still, where they are several', () => {
    const jobs = new Map([1, 2, 3].map((id) => [id, { createdAt: id * 10 }]));
    const saved = savedSelection({ ids: new Set([1, 3, 9]), anchor: 1 }, jobs);
    expect(saved).toEqual([
      [1, 10],
      [3, 30],
    ]);
    expect(restoredSelection(saved, jobs)).toEqual({ ids: new Set([1, 3]), anchor: 1 });
    expect(restoredSelection(saved, new Map(jobs).set(3, { createdAt: 31 }))).toBe(NO_SELECTION);
  });

  it('leaves out the notices that were dismissed, not others of the same numbers', () => {
    const notices = [1, 2].map((id) => ({ id, level: 'info' as const, text: `Notice ${id}`, at: id * 10 }));
    const saved = savedDismissals(new Set([2, 7]), notices);
    expect(restoredDismissals(saved, notices)).toEqual(new Set([2]));
    expect(restoredDismissals(saved, [{ ...notices[1]!, at: 21 }])).toEqual(new Set());
  });
});
