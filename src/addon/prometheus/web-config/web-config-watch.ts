import { fileStamps } from './file-stamps';
import { loadWebConfig, type LoadedWebConfig, type LoadResult } from './load-web-config';

/**
 * The active protection. `open`: no file is configured, so everybody may scrape. `closed`: one is configured but has
 * never been usable, so nobody may: protection that somebody asked for must not silently be missing.
 */
export type Protection = 'open' | 'closed' | LoadedWebConfig;

export interface WebConfigState {
  /** As in the preference; empty for none. */
  readonly path: string;
  readonly protection: Protection;
  /** Why the file's current content is not active, in a sentence; null where it is. */
  readonly error: string | null;
}

export interface WebConfigWatchOptions {
  /** Applies a new state; awaited before the next change. */
  readonly onChange: (state: WebConfigState) => void | Promise<void>;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  /** Polling interval, in milliseconds. */
  readonly every?: number;
}

/** Keeps a web config file applied. */
export interface WebConfigWatch {
  /** Switches to another file, or to none where `path` is empty. Settles when it is active or known to be unusable. */
  use(path: string): Promise<void>;
  state(): WebConfigState;
  close(): Promise<void>;
}

/**
 * Watches a web config file and the certificates that it names. A change is loaded once the files are unchanged for two
 * polls in a row, since a file still being written may already parse. A file that cannot be used leaves the previous
 * config active.
 */
export function createWebConfigWatch({ onChange, log, every = 500 }: WebConfigWatchOptions): WebConfigWatch {
  let current: WebConfigState = { path: '', protection: 'open', error: null };
  let files: readonly string[] = [];
  /** Stamps of the files when they were loaded, and at the last poll. */
  let loadedStamps = '';
  let seenStamps = '';
  let timer: NodeJS.Timeout | null = null;
  let turn = Promise.resolve();
  let closed = false;

  async function put(state: WebConfigState): Promise<void> {
    const before = current;
    current = state;
    if (state.error !== null && state.error !== before.error)
      log(state.protection === 'closed' ? 'error' : 'warn', state.error);
    await onChange(state);
  }

  async function load(path: string): Promise<void> {
    let read = path === current.path ? files : [path];
    let result: LoadResult;
    for (let tries = 0; ; tries++) {
      // Before reading, so that a change made meanwhile is noticed at the next poll.
      loadedStamps = await fileStamps(read);
      result = await loadWebConfig(path);
      if (tries === 2 || result.files.join('\n') === read.join('\n')) break;
      read = result.files;
    }
    files = read;
    seenStamps = loadedStamps;
    if (result.config) {
      if (current.path === path && current.protection !== 'open')
        log('info', `The web config file ${path} was read again and is in force.`);
      await put({ path, protection: result.config, error: null });
    } else {
      // An open server must not stay open once protection is configured.
      await put({
        path,
        protection: current.protection === 'open' ? 'closed' : current.protection,
        error: result.error,
      });
    }
  }

  async function poll(): Promise<void> {
    const stamps = await fileStamps(files);
    const settled = stamps === seenStamps;
    seenStamps = stamps;
    if (settled && stamps !== loadedStamps) await load(current.path);
  }

  function wait(): void {
    if (closed || current.path === '') return;
    timer = setTimeout(() => {
      timer = null;
      turn = turn.then(poll).then(wait);
    }, every);
    timer.unref();
  }

  return {
    use(path) {
      turn = turn.then(async () => {
        if (closed) return;
        if (timer) clearTimeout(timer);
        timer = null;
        if (path === '') {
          files = [];
          await put({ path: '', protection: 'open', error: null });
        } else {
          await load(path);
          wait();
        }
      });
      return turn;
    },
    state: () => current,
    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
      await turn;
    },
  };
}
