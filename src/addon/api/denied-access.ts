import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import workerThreads from 'node:worker_threads';
import type { DeniedAccess } from '../../shared/addon-protocol';

/** Maximum number of different accesses that are reported. */
const MAX_REPORTED = 100;
const MAX_TEXT = 500;

type AnyFunction = (...args: unknown[]) => unknown;

export interface AccessWatch {
  /** Reports an error that a denied access has thrown; others are ignored. */
  inspect(error: unknown): void;
}

/** What a denied access was, where an error says so. */
export function deniedBy(error: unknown): DeniedAccess | null {
  const { code, permission, resource, message } = (error ?? {}) as Record<string, unknown>;
  if (code === 'ERR_DLOPEN_DISABLED') return { access: 'native code', what: '' };
  if (code !== 'ERR_ACCESS_DENIED') return null;
  const what = String(resource ?? '').slice(0, MAX_TEXT);
  switch (permission) {
    case 'FileSystemRead':
      return { access: 'read', what };
    case 'FileSystemWrite':
      return { access: 'write', what };
    case 'ChildProcess':
      return { access: 'start', what };
    case 'WorkerThreads':
      return { access: 'thread', what };
    case 'Net':
      return { access: 'connect', what };
  }
  // Errors of the network that come later name it in their message alone.
  if (/--allow-net\b/.test(String(message))) return { access: 'connect', what };
  // Node names neither for the functions that need every permission, such as fs.symlink.
  return { access: 'other', what: what || String(message).slice(0, MAX_TEXT) };
}

/** Why something that a denied access has thrown failed, as part of a sentence; null for any other error. */
export function deniedReason(error: unknown): string | null {
  const denied = deniedBy(error);
  if (!denied) return null;
  const { access, what } = denied;
  const name = what === '' ? '' : ` “${what}”`;
  switch (access) {
    case 'read':
    case 'write':
      return `it may not ${access}${name}`;
    case 'start':
      return `it may not start a program${name}`;
    case 'thread':
      return 'it may not start a thread';
    case 'native code':
      return 'it may not load native code';
    case 'connect':
      return 'it has no network';
    default:
      return `it may not do that${name}`;
  }
}

/**
 * Reports what an add-on tries without the permission for it, also where it catches the error itself, by wrapping the
 * entry points of Node's modules. That is for people to see, and protects from nothing: what is denied is denied by Node
 * and the sandbox. Only what reaches other processes is refused here, since Node has no flag for it: code that means harm
 * can get around that, and only the sandbox prevents it.
 *
 * @param granted the permissions that the process has
 * @param report called once for each different access
 */
export function watchAccess(
  granted: { readonly network: boolean; readonly processes: boolean },
  report: (denied: DeniedAccess) => void,
): AccessWatch {
  const reported = new Set<string>();
  function tell(denied: DeniedAccess): void {
    const key = `${denied.access} ${denied.what}`;
    if (reported.size >= MAX_REPORTED || reported.has(key)) return;
    reported.add(key);
    report(denied);
  }
  function inspect(error: unknown): void {
    const denied = deniedBy(error);
    if (denied) tell(denied);
  }
  const inspected = (target: object, detail: (args: unknown[]) => string = () => ''): void =>
    wrapAll(target, (error, args) => {
      const denied = deniedBy(error);
      if (denied) tell({ ...denied, what: denied.what || detail(args).slice(0, MAX_TEXT) });
    });

  inspected(fs);
  inspected(fs.promises);
  if (!granted.processes) {
    inspected(childProcess, ([command]) => (typeof command === 'string' ? command : ''));
    workerThreads.Worker = new Proxy(workerThreads.Worker, {
      construct(target, args: unknown[], newTarget) {
        try {
          return Reflect.construct(target, args, newTarget) as object;
        } catch (error) {
          inspect(error);
          throw error;
        }
      },
    });
    refuseSignals(tell);
  }
  if (!granted.network) {
    before(net.Socket.prototype, 'connect', (args) => tell({ access: 'connect', what: placeOf(args) }));
    before(net.Server.prototype, 'listen', (args) => tell({ access: 'listen', what: placeOf(args) }));
    before(dgram.Socket.prototype, 'bind', (args) => tell({ access: 'listen', what: placeOf(args) }));
    before(dgram.Socket.prototype, 'send', (args) =>
      tell({ access: 'connect', what: args.filter((arg) => typeof arg === 'string' && arg.length < 100).join(':') }),
    );
  }
  // Names that an add-on imports are the wrapped ones too.
  syncBuiltinESMExports();
  return { inspect };
}

/** Wraps every function of a module so that its errors are seen, however it reports them. */
function wrapAll(target: object, failed: (error: unknown, args: unknown[]) => void): void {
  const members = target as Record<string, unknown>;
  for (const [name, member] of Object.entries(members)) {
    // Classes start with a capital letter.
    if (typeof member !== 'function' || !/^[a-z]/.test(name)) continue;
    const original = member as AnyFunction;
    const wrapped: AnyFunction = function (this: unknown, ...args) {
      const seen = (error: unknown): void => {
        if (error) failed(error, args);
      };
      const last = args.at(-1);
      const given =
        typeof last === 'function'
          ? [
              ...args.slice(0, -1),
              function (this: unknown, ...results: unknown[]) {
                seen(results[0]);
                return (last as AnyFunction).apply(this, results);
              },
            ]
          : args;
      try {
        const result = original.apply(this, given);
        if (result instanceof Promise) result.catch(seen);
        return result;
      } catch (error) {
        seen(error);
        throw error;
      }
    };
    // promisify.custom, realpath.native, the name and the number of arguments.
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
    members[name] = wrapped;
  }
}

/** Calls a function before a method. */
function before(target: object, name: string, seen: (args: unknown[]) => void): void {
  const methods = target as Record<string, AnyFunction>;
  const original = methods[name]!;
  methods[name] = function (this: unknown, ...args) {
    try {
      seen(args);
    } catch {
      // Odd arguments are the original's to refuse.
    }
    return original.apply(this, args);
  };
}

/** The address in the arguments of `connect` and `listen`. */
function placeOf(args: unknown[]): string {
  // net.connect passes its arguments on as an array.
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  const options = typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : null;
  const text = options
    ? (options['path'] ?? [options['host'] ?? options['address'] ?? 'localhost', options['port'] ?? 0].join(':'))
    : typeof first === 'string' && !/^\d+$/.test(first)
      ? first
      : [typeof second === 'string' ? second : 'localhost', first ?? 0].join(':');
  return String(text).slice(0, MAX_TEXT);
}

/** What a process object has beyond its types. */
interface ProcessInternals {
  /** What `kill` calls. */
  _kill(pid: unknown, signal: unknown): number;
  /** Has another process open its inspector, in which anything can be run. */
  _debugProcess(pid: unknown): void;
}

/** Refuses what reaches other processes: signals, their inspector and their priority. */
function refuseSignals(tell: (denied: DeniedAccess) => void): void {
  const own = process.pid;
  const internals = process as unknown as ProcessInternals;
  const kill = process.kill.bind(process);
  const send = internals._kill.bind(process);
  const refuse = (pid: unknown): never => {
    tell({ access: 'signal', what: String(pid).slice(0, MAX_TEXT) });
    throw Object.assign(new Error('What reaches other processes takes the permission “processes”.'), {
      code: 'ERR_ACCESS_DENIED',
    });
  };
  process.kill = (pid, signal) => (pid === own ? kill(own, signal) : refuse(pid));
  internals._kill = (pid, signal) => (pid === own ? send(own, signal) : refuse(pid));
  internals._debugProcess = refuse;
  const { setPriority } = os;
  os.setPriority = (...args: [number, number?]) => {
    const [pid, priority] = args.length > 1 ? args : [own, args[0]];
    if (pid !== own && pid !== 0) refuse(pid);
    setPriority(own, priority!);
  };
}
