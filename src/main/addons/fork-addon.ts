import { type ChildProcess, spawn } from 'node:child_process';
import { constants, getPriority, setPriority } from 'node:os';
import { Duplex } from 'node:stream';
import { ADDON_CHANNEL } from '../../shared/framed-messages';

/** How a process ended, as reported by the system. */
export interface ProcessEnd {
  readonly text: string;
  /** With exit code 0. */
  readonly clean: boolean;
  /** As Node ends a process that needs more memory than it may have. */
  readonly outOfMemory: boolean;
}

/** What is started for an add-on's process. */
export interface AddonCommand {
  /** Absolute path of Node, or of the sandbox that runs it. */
  readonly program: string;
  /** Arguments before the bootstrap: those of the sandbox, Node's path where there is one, and Node's flags. */
  readonly arguments: readonly string[];
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** An add-on's process. */
export interface AddonChild {
  readonly child: ChildProcess;
  /**
   * The channel to it: plain bytes both ways. Node's own channel for messages is not for code that means harm: what it
   * cannot read ends the reader, and whoever writes to it can pass on open files.
   */
  readonly pipe: Duplex;
  /** Settles once, when the process has ended and its last messages are read. */
  readonly gone: Promise<ProcessEnd>;
}

/** Starts an add-on's process. @param folder its working directory */
export function forkAddon(bootstrap: string, folder: string, command: AddonCommand): AddonChild {
  const child = spawn(command.program, [...command.arguments, bootstrap], {
    cwd: folder,
    env: { ...command.env },
    stdio: ['ignore', 'pipe', 'pipe', 'overlapped'],
    // In a session of its own it can be slowed by itself, and ended with all that it started. Windows has no such thing.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  if (child.pid !== undefined) takeNoPriority(child.pid);
  // One that could not be started for lack of descriptors has none.
  const pipe = (child.stdio?.[ADDON_CHANNEL] ?? new Duplex().destroy()) as Duplex;
  // What is written to a process that has ended is lost; that it has ended is told by itself.
  pipe.on('error', () => {});
  return { child, pipe, gone: endOf(child, pipe) };
}

/** Electron raises the priority of its own thread where it may, and what it starts inherits that. */
function takeNoPriority(pid: number): void {
  try {
    if (getPriority(pid) < 0) setPriority(pid, 0);
  } catch {
    // It has ended.
  }
}

/** Waits until the process is gone and its last messages are read. */
function endOf(child: ChildProcess, pipe: Duplex): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    let how: ProcessEnd | null = null;
    const settle = (): void => {
      if (how) resolve(how);
    };
    const gone = (text: string, clean: boolean, outOfMemory = false): void => {
      how ??= { text, clean, outOfMemory };
      if (pipe.destroyed) settle();
      // `close` follows once the channel is read to its end; a grandchild process may hold it open.
      else setTimeout(settle, 1_000);
    };
    pipe.once('close', settle);
    child.once('error', (error) => {
      if (child.pid === undefined) gone(`its process could not be started: ${error.message}`, false);
    });
    child.once('exit', (code, signal) => {
      const by = signal ?? (child.spawnfile === process.execPath ? null : signalOf(code));
      gone(
        by === 'SIGABRT'
          ? 'its process was ended by SIGABRT, as Node ends one that needs more memory than it may have'
          : by
            ? `its process was ended by ${by}`
            : `its process ended by itself with exit code ${code}`,
        code === 0,
        by === 'SIGABRT',
      );
    });
  });
}

/** The signal that a shell or sandbox tells by its exit code, which is then 128 and the signal's number. */
function signalOf(code: number | null): string | null {
  const found = Object.entries(constants.signals).find(([, number]) => number === (code ?? 0) - 128);
  return found?.[0] ?? null;
}
