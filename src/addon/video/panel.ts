import type { AddonStatus } from '../api/context';

export interface VideoState {
  /** '' while none is chosen. */
  readonly folder: string;
  /** Version of ffmpeg; null while it is looked for. */
  readonly version: string | null;
  /** Why nothing can be made, a sentence. */
  readonly problem: string | null;
  readonly underWay: { readonly name: string; readonly share: number } | null;
  readonly waiting: number;
  readonly lastMade: string | null;
  readonly lastFailure: string | null;
  /** Whether the last video failed. */
  readonly failed: boolean;
}

/** The add-on's lines in Preferences. */
export function statusOf(state: VideoState): AddonStatus {
  const { folder, version, problem, underWay, waiting, lastMade, lastFailure, failed } = state;
  const details = [
    ...(folder === '' ? [] : [{ label: 'Folder', value: folder }]),
    ...(version === null ? [] : [{ label: 'ffmpeg', value: version }]),
    ...(waiting > 0 ? [{ label: 'Waiting', value: String(waiting) }] : []),
    ...(lastMade === null ? [] : [{ label: 'Last made', value: lastMade }]),
    ...(lastFailure === null ? [] : [{ label: 'Last failure', value: lastFailure }]),
  ];
  if (problem !== null) return { level: 'error', text: problem, details };
  if (folder === '') return { level: 'warning', text: 'No videos are made yet: choose a folder for them.', details };
  if (underWay)
    return {
      level: 'ok',
      text: `Making the video of ${underWay.name}: ${Math.floor(underWay.share * 100)} %.`,
      details,
    };
  if (failed && lastFailure !== null) return { level: 'warning', text: lastFailure, details };
  return { level: 'ok', text: lastMade ?? 'Ready.', details };
}
