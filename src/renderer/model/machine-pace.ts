import type { Frame } from '../../shared/jobs';

/** When each machine wrote its last frames, milliseconds since 1970, oldest first, by name. */
export type MachinePaces = ReadonlyMap<string, readonly number[]>;

const FRAMES_KEPT = 30;
/** Frames longer before the last one than this say nothing of the pace now, in milliseconds. */
const SPAN = 300_000;

/** Notes a frame that a machine has written; every other frame changes nothing. */
export function addFrame(paces: MachinePaces, { state, machine, writtenAt }: Frame): MachinePaces {
  if (state !== 'done' || machine === null || writtenAt === null) return paces;
  const times = [...(paces.get(machine) ?? []), writtenAt];
  return new Map(paces).set(machine, times.filter((time) => time > writtenAt - SPAN).slice(-FRAMES_KEPT));
}

/** Average over the last frames that this page has seen; null before there are two. */
export function framesPerMinute(paces: MachinePaces, machine: string): number | null {
  const times = paces.get(machine) ?? [];
  const span = times.length < 2 ? 0 : times.at(-1)! - times[0]!;
  return span <= 0 ? null : ((times.length - 1) * 60_000) / span;
}
