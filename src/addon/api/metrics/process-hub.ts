import { labelsProblem } from './check-labels';
import { createMergedProcesses } from './merged-processes';
import type { ServedMetrics } from './metric-registry';
import type { AttachableWorker, FamilyDescription, ProcessMetrics } from './metrics-api';
import { createProcessRegistry } from './process-registry';
import { isUpdate, type ProcessFamily, readUpdate } from './process-update';

export interface HubParts {
  readonly workerModule: string;
  readonly keepEnded: number;
  /** Why a metric cannot be added to the add-on's others, a clause; null where it can. */
  readonly clash: (family: FamilyDescription) => string | null;
  /** Reports why a metric is left out, a clause. */
  readonly leftOut: (name: string, problem: string) => void;
  /** Reports why an update of a worker is left out, a clause. */
  readonly refused: (worker: string, problem: string) => void;
  /** Throws where nothing more can be taken, since the add-on is being disabled. */
  readonly alive: () => void;
}

/** An add-on's processes, together with the process's side of them. */
export interface ProcessHub extends ServedMetrics {
  readonly api: ProcessMetrics;
  /** Lets go of every worker. */
  close(): void;
}

/** The add-on's own process among the others. */
const OWN = 'own-process';
/** Runs of a worker on one channel, such as two copies of the module in it; more are no worker's. */
const MAX_TOKENS = 8;
/**
 * How long after a process's exit its channel may still have something to say, in milliseconds. It closes at once, unless
 * a process of its own has inherited it.
 */
const CHANNEL_GRACE = 2_000;

/** Creates the hub that the workers of an add-on send their metrics to. */
export function createProcessHub({ workerModule, keepEnded, clash, leftOut, refused, alive }: HubParts): ProcessHub {
  const merged = createMergedProcesses({
    keepEnded: Math.max(0, Math.min(1_000, Math.trunc(keepEnded) || 0)),
    refuse: clash,
    leftOut,
  });
  const own = createProcessRegistry({ check: claim, failed: leftOut });
  /** By their names. */
  const attached = new Map<string, { readonly worker: AttachableWorker; readonly release: () => void }>();
  /** What they counted is in the archive, and would be counted again. */
  const released = new WeakSet<AttachableWorker>();

  /** Takes the name of a metric of the add-on's own process. @throws Error where it is taken */
  function claim(family: ProcessFamily): void {
    const known = merged.declared().some(({ name, type }) => name === family.name && type === family.type);
    const problem = known ? null : clash(family);
    if (problem !== null) throw new Error(`The metric “${family.name}” cannot be added: ${problem}.`);
    // Told of at once, so that the name is taken.
    merged.update(OWN, String(process.pid), [{ ...family, rows: new Map(), gone: [] }]);
  }

  function attach(worker: AttachableWorker, options: { readonly name?: string } = {}): () => void {
    alive();
    const isThread = typeof worker.threadId === 'number';
    if (!isThread && worker.connected !== true)
      throw new Error(
        'The worker has no channel to send its metrics over: start it with fork(), and attach it at once.',
      );
    const name = options.name ?? (isThread ? `${process.pid}-${worker.threadId}` : String(worker.pid));
    const problem = labelsProblem({ pid: name });
    if (problem !== null) throw new Error(`The worker cannot be named so: ${problem}.`);
    const namesake = attached.get(name);
    if (namesake?.worker === worker || released.has(worker))
      throw new Error(`The worker “${name}” was attached before: it is counted already.`);
    if (namesake && options.name !== undefined)
      throw new Error(`There is a worker of the name “${name}” already: give this one another, or none.`);
    // A process id that comes again: its process has ended, although its channel is open still.
    namesake?.release();
    const tokens = new Set<string>();
    let grace: NodeJS.Timeout | undefined;

    function receive(message: unknown): void {
      if (!isUpdate(message)) return;
      const update = readUpdate(message);
      if (typeof update === 'string') return refused(name, update);
      if (!tokens.has(update.token)) {
        if (tokens.size >= MAX_TOKENS) return refused(name, `it has more than ${MAX_TOKENS} sets of metrics`);
        tokens.add(update.token);
      }
      merged.update(`${name} ${update.token}`, name, update.families);
    }

    function release(): void {
      clearTimeout(grace);
      if (attached.get(name)?.worker === worker) attached.delete(name);
      released.add(worker);
      worker.off('message', receive);
      worker.off('exit', exited);
      worker.off('disconnect', release);
      for (const token of tokens) merged.end(`${name} ${token}`);
      tokens.clear();
    }

    function exited(): void {
      // A thread's last messages precede its exit; a process's may still be in the channel.
      if (isThread || worker.connected !== true) release();
      else grace = setTimeout(release, CHANNEL_GRACE).unref();
    }

    worker.on('message', receive);
    worker.on('exit', exited);
    worker.on('disconnect', release);
    attached.set(name, { worker, release });
    return release;
  }

  return {
    api: {
      ...own.factory,
      workerModule,
      get workers() {
        return attached.size;
      },
      attach,
    },
    declared: merged.declared,
    has: () => false,
    async read() {
      merged.update(OWN, String(process.pid), await own.collect());
      return merged.families();
    },
    close() {
      for (const { release } of attached.values()) release();
    },
  };
}
