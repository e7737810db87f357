import { HANDLER_SECONDS } from '../../shared/addon-protocol';
import { giveLeastPriority, runBelowRenders } from '../processes/low-priority';
import { cpuSecondsOfTree } from '../processes/process-time';
import { startHeartbeat } from './heartbeat';
import { watchMemory } from './memory-watch';
import { watchProcessor } from './processor-watch';
import { watchStorage } from './storage-watch';

/**
 * How long a start may take with the host's priority, in milliseconds: on a busy machine, one without it is not through
 * in time.
 */
const START = 5_000;
/** Share of a processor that one which does not answer gets beside a render; and with the host's priority. */
const BUSY_BELOW_RENDERS = 0.04;
const BUSY = 0.5;

export interface ProcessWatchOptions {
  /** Of its first process; undefined where it could not be started. */
  readonly pid: number | undefined;
  /** It keeps the host's priority, and may use as much processor time as it needs. */
  readonly trusted: boolean;
  /** Settles when it answers pings; may reject. */
  readonly registered: Promise<void>;
  /** Settles with whether an answer came within so many milliseconds. */
  readonly ping: (milliseconds: number) => Promise<boolean>;
  /** Timeout for an answer, in milliseconds; then the process counts as hung. */
  readonly deadline: number;
  /** Of its memory with that of what it starts, in MB. */
  readonly memoryLimit: number;
  /** Absolute path of the folder of its own. */
  readonly storage: string;
  /** Of what it stores there, in MB; null for none. */
  readonly storageLimit: number | null;
  readonly warn: (text: string) => void;
  readonly kill: (reason: string) => void;
}

/** Watches what an add-on's process takes of the machine. */
export interface ProcessWatch {
  /** A handler took longer than it may. */
  handlerLate(): void;
  close(): void;
}

/**
 * Watches whether a process answers, and its memory, processor time and storage: it is told, slowed once, or killed. One that is
 * not trusted runs with less priority than renders from when it has registered.
 */
export function watchProcess(options: ProcessWatchOptions): ProcessWatch {
  const { pid, trusted, storage: folder, storageLimit, warn, kill } = options;
  /** Why it was slowed. */
  let slowed: string | null = null;
  let closed = false;
  function slow(why: string): void {
    if (closed || pid === undefined) return;
    if (slowed === null) void giveLeastPriority(pid);
    slowed ??= `${why} It has the lowest priority until it is started again.`;
    // Again, so that it is shown while it goes on.
    warn(slowed);
  }
  function settleDown(): void {
    clearTimeout(starting);
    if (!trusted && slowed === null && !closed && pid !== undefined) void runBelowRenders(pid);
  }
  const starting = setTimeout(settleDown, START).unref();
  options.registered.then(settleDown).catch(() => undefined);
  const heartbeat = startHeartbeat({
    begin: options.registered,
    ping: options.ping,
    deadline: options.deadline,
    handlerSeconds: HANDLER_SECONDS,
    cpuSeconds: async () => (pid === undefined ? null : cpuSecondsOfTree(pid)),
    busyShare: trusted ? BUSY : BUSY_BELOW_RENDERS,
    slow,
    kill,
  });
  const watches =
    pid === undefined
      ? []
      : [
          watchMemory({ pid, warn, kill, limit: options.memoryLimit }),
          ...(trusted ? [] : [watchProcessor({ pid, slow })]),
          ...(storageLimit === null ? [] : [watchStorage({ folder, limit: storageLimit, warn, kill })]),
        ];
  return {
    handlerLate: heartbeat.handlerLate,
    close() {
      closed = true;
      clearTimeout(starting);
      heartbeat.close();
      for (const end of watches) end();
    },
  };
}
