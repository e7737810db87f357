import { createHook, executionAsyncId } from 'node:async_hooks';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LeftBehind } from '../../shared/addon-protocol';

/**
 * What Node calls the resources that keep working after the code that made them is done
 * (https://nodejs.org/api/async_hooks.html#type), by the name that authors know.
 */
const KINDS: Readonly<Record<string, LeftBehind['kind']>> = {
  Timeout: 'timer',
  TCPSERVERWRAP: 'server',
  PIPESERVERWRAP: 'server',
  TCPWRAP: 'socket',
  UDPWRAP: 'socket',
  PROCESSWRAP: 'child process',
  FSEVENTWRAP: 'file watcher',
  STATWATCHER: 'file watcher',
  WORKER: 'thread',
};
/** Maximum number reported. */
const MAX_REPORTED = 50;
/** Number of stack frames looked through. */
const STACK_DEPTH = 40;
/** How long closing may take after `unregister`, in milliseconds: a handle is gone one turn of the event loop later. */
const SETTLE = 500;

/** What the add-on's code acquires, from now on. */
export interface ResourceWatch {
  /** What is still there once closing has had its time. */
  leftBehind(): Promise<LeftBehind[]>;
}

interface Acquired {
  readonly kind: LeftBehind['kind'];
  readonly where: string;
  readonly resource: WeakRef<object>;
}

/**
 * Watches what code in a folder acquires besides what it takes through ctx. For `framegauge addons test`: a stack is
 * taken for every timer and handle, which an add-on in use must not pay for.
 */
export function watchResources(folder: string): ResourceWatch {
  const acquired = new Map<number, Acquired>();
  /** The place that each asynchronous step goes back to: a server listens only once its address was looked up. */
  const places = new Map<number, string>();
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, STACK_DEPTH);
  createHook({
    init(id, type, _trigger, resource) {
      const kind = KINDS[type];
      const place = placeIn(folder, new Error('acquired').stack ?? '', kind === 'timer');
      const where = place === 'unknown' ? places.get(executionAsyncId()) : place;
      if (where === undefined || where === null) return;
      places.set(id, where);
      if (kind !== undefined) acquired.set(id, { kind, where, resource: new WeakRef(resource) });
    },
    destroy(id) {
      places.delete(id);
      acquired.delete(id);
    },
  }).enable();
  return {
    async leftBehind() {
      for (let waited = 0; acquired.size > 0 && waited < SETTLE; waited += 20)
        await new Promise((resolve) => setTimeout(resolve, 20));
      const found = [...acquired.values()].map(({ kind, where, resource }): LeftBehind => {
        const pid = kind === 'child process' ? (resource.deref() as { pid?: unknown } | undefined)?.pid : undefined;
        return { kind, where, ...(typeof pid === 'number' && pid > 0 ? { pid } : {}) };
      });
      return found.slice(0, MAX_REPORTED);
    },
  };
}

/**
 * The place in the folder's code that acquired something, as `main.mjs:3:5`; null when it was somebody else: the host's
 * side of the process, or Node on its own behalf, such as an HTTP server's own timer or a connection that fetch keeps;
 * `unknown` where there is nobody's code on the stack.
 */
function placeIn(folder: string, stack: string, isTimer: boolean): string | null {
  const frames = stack
    .split('\n')
    .slice(1)
    .map((line) => /\(?((?:file:\/\/|node:|\/|[A-Za-z]:\\)[^()]*):(\d+):(\d+)\)?$/.exec(line.trim()))
    .filter((match) => match !== null);
  // The hook itself is on top of what called it.
  const first = frames.findIndex(([, source]) => source!.startsWith('node:'));
  for (const [, source, line, column] of frames.slice(Math.max(first, 0))) {
    const path = source!.startsWith('file://') ? fileURLToPath(source!) : source!;
    if (path.startsWith(folder + sep)) return `${relative(folder, path).split(sep).join('/')}:${line}:${column}`;
    if (!path.startsWith('node:') || path.includes('undici')) return null;
    // A timer is Node's own unless it was asked for one by name.
    if (isTimer && !/^node:(?:internal\/)?(?:timers|async_hooks)/.test(path)) return null;
  }
  return isTimer ? null : 'unknown';
}
