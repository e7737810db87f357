import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnvironment } from '../processes/child-environment';

const run = promisify(execFile);
/** How long a program may take, in milliseconds. */
const TIMEOUT = 5_000;
/** Interval between two looks, in milliseconds. */
const INTERVAL = 10_000;

/** Runs a program. @returns what it printed @throws Error when it is missing or fails */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

const runProgram: RunProgram = async (program, args) =>
  (await run(program, [...args], { timeout: TIMEOUT, maxBuffer: 4 * 1024 * 1024, env: childEnvironment() })).stdout;

/** How long nobody has used this machine. */
export interface IdleTime {
  /** Seconds since somebody used keyboard or mouse; null where that can't be told. */
  readonly seconds: number | null;
  close(): void;
}

/** Looks now and then how long nobody has used this machine. */
export async function watchIdleTime(): Promise<IdleTime> {
  let seconds = await idleSeconds(process.platform, runProgram, Date.now());
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    seconds = await idleSeconds(process.platform, runProgram, Date.now());
    looking = false;
  };
  const timer = setInterval(() => void look(), INTERVAL);
  timer.unref();
  return {
    get seconds() {
      return seconds;
    },
    close: () => clearInterval(timer),
  };
}

/** How long nobody has used this machine, by a program's own means. @param seconds since somebody did, now */
export function idleTimeBy(seconds: () => number): IdleTime {
  return {
    get seconds() {
      return seconds();
    },
    close: () => undefined,
  };
}

/**
 * Seconds since somebody used this machine, by what its system offers: on macOS ioreg; on Linux xprintidle for an X11
 * display, else systemd-logind, which knows of idle text sessions, and of desktops that tell it. On other systems it
 * can't be told.
 *
 * @param now milliseconds since 1970
 * @returns null where it can't be told
 */
export async function idleSeconds(platform: NodeJS.Platform, program: RunProgram, now: number): Promise<number | null> {
  const ways: (() => Promise<number | null>)[] =
    platform === 'darwin'
      ? [async () => idleOfIoreg(await program('ioreg', ['-c', 'IOHIDSystem', '-d', '4']))]
      : platform === 'linux'
        ? [async () => idleOfXprintidle(await program('xprintidle', [])), () => idleOfLogind(program, now)]
        : [];
  for (const way of ways) {
    const seconds = await way().catch(() => null);
    if (seconds !== null) return seconds;
  }
  return null;
}

/** `HIDIdleTime` is in nanoseconds. */
function idleOfIoreg(text: string): number | null {
  const nanoseconds = /"HIDIdleTime" = (\d+)/.exec(text)?.[1];
  return nanoseconds === undefined ? null : Number(nanoseconds) / 1e9;
}

/** Milliseconds, on a line. */
function idleOfXprintidle(text: string): number | null {
  return /^\d+\s*$/.test(text) ? Number(text) / 1_000 : null;
}

/** The least idle session of a person; with none, nobody has used it since it was started. */
async function idleOfLogind(program: RunProgram, now: number): Promise<number | null> {
  const list = await program('loginctl', ['list-sessions', '--no-legend', '--no-pager']);
  const ids = list
    .split('\n')
    .map((line) => line.trim().split(/\s+/)[0]!)
    .filter((id) => /^[\w-]+$/.test(id));
  let least = now / 1_000;
  for (const id of ids) {
    const shown = await program('loginctl', [
      'show-session',
      id,
      '-p',
      'Class',
      '-p',
      'IdleHint',
      '-p',
      'IdleSinceHint',
    ]);
    const field = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(shown)?.[1] ?? '';
    if (field('Class') !== 'user') continue;
    // Microseconds since 1970.
    const since = Number(field('IdleSinceHint')) / 1e6;
    least = Math.min(least, field('IdleHint') === 'yes' && since > 0 ? Math.max(0, now / 1_000 - since) : 0);
  }
  return least;
}
