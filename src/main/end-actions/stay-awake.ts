import { spawn } from 'node:child_process';
import type { HostEvent } from '../../shared/host-api';
import { childEnvironment } from '../processes/child-environment';

/** Prevents the machine from sleeping automatically until the returned function is called. */
export type HoldAwake = () => () => void;

export interface StayAwake {
  readonly see: (event: HostEvent) => void;
  /** Call after preferences changed. */
  preferencesChanged(): void;
  close(): void;
}

/** Keeps the machine awake exactly while a job is rendering. */
export function createStayAwake({
  hold,
  wanted,
}: {
  readonly hold: HoldAwake;
  readonly wanted: () => boolean;
}): StayAwake {
  const rendering = new Set<number>();
  let release: (() => void) | null = null;
  const decide = (): void => {
    const due = rendering.size > 0 && wanted();
    if (due) release ??= hold();
    else {
      release?.();
      release = null;
    }
  };
  return {
    see(event) {
      if (event.type === 'job' && event.job.state === 'rendering') rendering.add(event.job.id);
      else if (event.type === 'job') rendering.delete(event.job.id);
      else if (event.type === 'job-removed') rendering.delete(event.id);
      else return;
      decide();
    },
    preferencesChanged: decide,
    close() {
      rendering.clear();
      decide();
    },
  };
}

/**
 * Commands that keep a machine awake without a window of ours, in order of preference. Each runs until its standard
 * input closes, so that it ends with this process even if that is killed. Windows has no such command.
 */
export function awakeCalls(platform: NodeJS.Platform): readonly (readonly [program: string, ...args: string[]])[] {
  // `cat` waits for the end of its input.
  if (platform === 'darwin') return [['caffeinate', '-i', 'cat']];
  if (platform !== 'linux') return [];
  const inhibit = (what: string): [string, ...string[]] => [
    'systemd-inhibit',
    `--what=${what}`,
    '--who=Framegauge',
    '--why=It renders',
    '--mode=block',
    'cat',
  ];
  // A remote user is often allowed to block idle actions, but not sleep.
  return [inhibit('idle:sleep'), inhibit('idle')];
}

/** Uses a program of the system; does nothing if there is none. */
export function holdAwake(calls: ReturnType<typeof awakeCalls> = awakeCalls(process.platform)): () => void {
  let stop: (() => void) | null = null;
  let released = false;
  const attempt = ([call, ...others]: typeof calls): void => {
    if (!call || released) return;
    const [program, ...args] = call;
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], env: childEnvironment() });
    stop = () => child.stdin.end();
    child.stdin.on('error', () => undefined);
    child.once('error', () => attempt(others));
    // It ends by itself only if the request was denied.
    child.once('exit', () => attempt(others));
    child.unref();
    (child.stdin as unknown as { unref?(): void }).unref?.();
  };
  attempt(calls);
  return () => {
    released = true;
    stop?.();
  };
}
