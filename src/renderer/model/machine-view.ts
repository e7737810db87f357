import type { MachineInfo, MachineState } from '../../shared/machines';
import type { PreferenceValues } from '../../shared/addons';
import type { WorkerInfo } from '../../shared/workers';
import { msg, t } from '../../shared/texts/translate';
import type { IconName } from '../controls/icon';

/** How each state of a machine is shown. `mood`: what its colour goes by. */
export const MACHINE_STATES: Record<
  MachineState,
  { readonly words: string; readonly icon: IconName; readonly mood: 'busy' | 'calm' | 'warn' | 'bad' }
> = {
  rendering: { words: msg('Rendering'), icon: 'play', mood: 'busy' },
  idle: { words: msg('Idle'), icon: 'check', mood: 'calm' },
  draining: { words: msg('Draining'), icon: 'pause', mood: 'warn' },
  paused: { words: msg('Paused'), icon: 'pause', mood: 'warn' },
  asleep: { words: msg('Asleep'), icon: 'clock', mood: 'calm' },
  resting: { words: msg('Resting'), icon: 'warning', mood: 'warn' },
  refused: { words: msg('Refused'), icon: 'error', mood: 'bad' },
  'cut-off': { words: msg('Cut off'), icon: 'error', mood: 'bad' },
};

/** Whether the host manages a farm, or is set to. */
export function managesFarm(preferences: PreferenceValues | undefined): boolean {
  return preferences?.['farm.start'] === true || String(preferences?.['farm.redis'] ?? '').trim() !== '';
}

/** Frames of one job that a machine has in work. */
export interface FramesOfJob {
  readonly jobId: number;
  /** Ascending. */
  readonly frames: readonly number[];
}

/** What a machine renders now, by job. */
export function rendersOn(workers: readonly WorkerInfo[], machine: string): FramesOfJob[] {
  const byJob = new Map<number, number[]>();
  for (const worker of workers)
    if (worker.machine === machine && worker.jobId !== null && worker.frame !== null)
      byJob.set(worker.jobId, [...(byJob.get(worker.jobId) ?? []), worker.frame]);
  return [...byJob].map(([jobId, frames]) => ({ jobId, frames: frames.sort((a, b) => a - b) }));
}

/** “3 of 4 machines there, 10 workers”; a machine that is cut off or refused lends none. */
export function describeFarm(machines: readonly MachineInfo[]): string {
  const there = machines.filter(({ state }) => state !== 'cut-off' && state !== 'refused');
  const workers = there.reduce((sum, machine) => sum + machine.workers, 0);
  const counted = t('{count, plural, one {# machine} other {# machines}}', { count: machines.length });
  const present =
    there.length === machines.length ? counted : t('{count} of {counted} there', { count: there.length, counted });
  return t('{present}, {workers}', {
    present,
    workers: t('{count, plural, one {# worker} other {# workers}}', { count: workers }),
  });
}

/** The engines of a machine, each with the versions of its programs there: `blender 4.2.1, 4.5.0; gltf`. */
export function enginesWords({ engines, installations }: Pick<MachineInfo, 'engines' | 'installations'>): string {
  return engines
    .map((engine) => {
      const versions = installations.flatMap((one) => (one.engine === engine && one.version ? [one.version] : []));
      return versions.length === 0 ? engine : `${engine} ${versions.join(', ')}`;
    })
    .join('; ');
}
