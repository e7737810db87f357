import type { Presence } from '../../shared/farm';
import type { MachineSettings } from '../../shared/machines';
import { readSchedule, sleepsNow } from '../../shared/sleep-schedule';

/** Why a machine sleeps. */
export interface Sleep {
  /** As a sentence. */
  readonly reason: string;
  /** Somebody uses it: it hands its frames in work back at once. Otherwise it finishes them. */
  readonly handsBack: boolean;
}

/**
 * Whether a machine sleeps, by its schedule or because somebody uses it.
 *
 * @param now milliseconds since 1970
 * @returns null when it is awake
 */
export function sleepOf(
  name: string,
  { sleep, idleMinutes }: Pick<MachineSettings, 'sleep' | 'idleMinutes'>,
  { idleSeconds, utcOffset }: Pick<Presence, 'idleSeconds' | 'utcOffset'>,
  now: number,
): Sleep | null {
  if (idleMinutes !== null && idleSeconds === null)
    return {
      reason: `“${name}” can’t tell whether somebody uses it: on Linux install xprintidle (X11) or use a desktop that tells systemd-logind, on Windows lend it with the desktop app, or set --only-idle off.`,
      handsBack: false,
    };
  if (idleMinutes !== null && idleSeconds! < idleMinutes * 60) {
    const minutes = idleMinutes === 1 ? 'a minute' : `${idleMinutes} minutes`;
    return {
      reason: `“${name}” is in use: it gets frames when nobody has used it for ${minutes}.`,
      handsBack: true,
    };
  }
  const asleep = sleep !== '' && sleepsNow(readSchedule(sleep) ?? [], now, utcOffset);
  return asleep ? { reason: `“${name}” is asleep by its schedule: ${sleep}.`, handsBack: false } : null;
}
