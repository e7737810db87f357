import type { PreferenceValues } from '../../shared/addons';
import { inTime, ownSleep } from '../processes/own-sleep';
import type { WorkerExit } from './render-engine';

/** Timeouts of a worker, in seconds. */
export interface WorkerTimeouts {
  /** From its start until it reports ready. */
  readonly start: number;
  /** Without any sign of life, including answers to pings. */
  readonly response: number;
  /** With answers to pings, but without progress within a frame. */
  readonly progress: number;
}

/** The timeouts from the preferences, for workers of all engines. */
export function preferredTimeouts(preferences: PreferenceValues): Omit<WorkerTimeouts, 'start'> {
  return {
    response: Number(preferences['render.workerTimeout']),
    progress: Number(preferences['queue.stuckMinutes']) * 60,
  };
}

/** Maximum interval between checks of a worker's liveness and memory, in milliseconds. */
const CHECK_INTERVAL = 5_000;
const MEMORY_INTERVAL = 1_000;

export interface WatchedWorker {
  /** As the first word of a sentence, such as Blender. */
  readonly name: string;
  readonly timeouts: Omit<WorkerTimeouts, 'start'>;
  /** Its memory limit; undefined for none. */
  readonly memory?: {
    /** Bytes. */
    readonly limit: number;
    /** Present memory usage in bytes; null where unavailable. Never rejects. */
    held(): Promise<number | null>;
    /** Advice for the user, as the end of a sentence. */
    readonly advice: string;
  };
  /** Sends a ping. */
  ping(): void;
  /** The worker must be killed, for this reason. */
  end(exit: WorkerExit): void;
}

/** Monitors one worker from outside, and has it killed if it hangs. */
export interface WorkerWatchdog {
  /** The worker is up: from now on it has to respond. */
  start(): void;
  /** The worker gave a sign of life. */
  heard(): void;
  /** The worker made progress, which is a sign of life, too. */
  progressed(): void;
  frameStarted(frame: number): void;
  frameEnded(): void;
  /** The worker's activity, as the end of a clause: “ while it rendered frame 7”; empty between frames. */
  doing(): string;
  /** The worker is gone. */
  stop(): void;
}

export function createWorkerWatchdog({ name, timeouts, memory, ping, end }: WatchedWorker): WorkerWatchdog {
  let timer: NodeJS.Timeout | null = null;
  let frame: number | null = null;
  let lastHeard = 0;
  let lastProgress = 0;
  let lastCheck = 0;
  let interval = 0;
  const now = (): number => performance.now();
  const doing = (): string => (frame === null ? '' : ` while it rendered frame ${frame}`);

  function stop(): void {
    if (timer) clearInterval(timer);
    timer = null;
  }

  function expire(exit: WorkerExit): void {
    // Ending the worker may take a while: this must happen only once.
    stop();
    end(exit);
  }

  function skipOwnSleep(): void {
    const slept = ownSleep(lastCheck, interval);
    lastCheck = now();
    lastHeard = Math.min(now(), lastHeard + slept);
    lastProgress = Math.min(now(), lastProgress + slept);
  }

  async function check(): Promise<void> {
    const { response, progress } = timeouts;
    skipOwnSleep();
    if (now() - lastHeard > response * 1000) {
      expire({ reason: 'timeout', message: `${name} did not answer for ${response} s${doing()}.` });
    } else if (frame !== null && now() - lastProgress > progress * 1000) {
      const message = `${name} made no progress for ${progress} s${doing()}, although it answered.`;
      expire({ reason: 'timeout', message });
    } else {
      ping();
      if (!memory) return;
      const held = await memory.held();
      if (timer === null || held === null || held <= memory.limit) return;
      const message = `${name} held ${megabytes(held)} of memory${doing()}, more than the ${megabytes(memory.limit)} that it may: ${memory.advice}.`;
      expire({ reason: 'memory', message });
    }
  }

  return {
    start() {
      lastHeard = lastCheck = now();
      const { response, progress } = timeouts;
      interval = Math.min(memory ? MEMORY_INTERVAL : CHECK_INTERVAL, response * 250, progress * 250);
      timer = setInterval(() => void check(), interval);
      timer.unref();
    },
    heard() {
      lastHeard = now();
    },
    progressed() {
      lastHeard = lastProgress = now();
    },
    frameStarted(number) {
      frame = number;
      lastHeard = lastProgress = now();
    },
    frameEnded() {
      frame = null;
    },
    doing,
    stop,
  };
}

export interface StartingWorker<T> {
  /** Resolves when the worker reports ready. */
  readonly ready: Promise<T>;
  /** Resolves when it is gone. */
  readonly exited: Promise<WorkerExit>;
  /** Seconds. */
  readonly timeout: number;
  /** As the first words of a sentence. */
  readonly name: string;
  /** A reason why it may not start, beside an overloaded machine: “its browser is broken”. */
  readonly otherCause: string;
}

/**
 * Waits for a worker to start.
 *
 * @throws Error when it ended or timed out, not a UserError since a retry may help; also what `ready` rejects with
 */
export function workerReady<T>({ ready, exited, timeout, name, otherCause }: StartingWorker<T>): Promise<T> {
  const dead = exited.then(({ message }): never => {
    throw new Error(`${name} did not start: ${message}`);
  });
  return inTime(
    Promise.race([ready, dead]),
    timeout * 1000,
    () => new Error(`${name} did not start within ${timeout} s: the machine is overloaded, or ${otherCause}.`),
  );
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
