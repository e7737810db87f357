import { fileStamps } from './file-stamps';
import { loadWebConfig, type LoadedWebConfig, type LoadResult } from './load-web-config';

/**
 * What is in force. `open`: no file is asked for, so everybody may scrape. `closed`: one is asked for and none could be used yet, so nobody may: protection
 * that somebody wanted must not be missing without notice.
 */
export type Protection = 'open' | 'closed' | LoadedWebConfig;

export interface WebConfigState {
  /** As in the preference; empty for none. */
  readonly path: string;
  readonly protection: Protection;
  /** Why the file as it is now is not in force, in a sentence; null where it is. */
  readonly error: string | null;
}

export interface WebConfigWatchOptions {
  /** Applies what is in force from now on; awaited before the next change. */
  readonly onChange: (state: WebConfigState) => void | Promise<void>;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  /** From one look at the files to the next, in milliseconds. */
  readonly every?: number;
}

/** Keeps a web config file in force. */
export interface WebConfigWatch {
  /** Uses another file, or none where `path` is empty. Settles when it is in force, or known not to be usable. */
  use(path: string): Promise<void>;
  state(): WebConfigState;
  close(): Promise<void>;
}

/**
 * Watches a web config file and the certificates that it names. A change is taken in when the files have been the same for two looks in a row, for one that is just being
 * written may look whole when it is not. A file that cannot be used leaves what was in force in force.
 */
export function createWebConfigWatch({ onChange, log, every = 500 }: WebConfigWatchOptions): WebConfigWatch {
  let current: WebConfigState = { path: '', protection: 'open', error: null };
  let files: readonly string[] = [];
  /** Of the files as they were loaded, and as they were at the last look. */
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
      // Before reading, so that what changes meanwhile is seen at the next look.
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
      // An open server does not stay open when protection is asked for.
      await put({
        path,
        protection: current.protection === 'open' ? 'closed' : current.protection,
        error: result.error,
      });
    }
  }

  async function look(): Promise<void> {
    const stamps = await fileStamps(files);
    const settled = stamps === seenStamps;
    seenStamps = stamps;
    if (settled && stamps !== loadedStamps) await load(current.path);
  }

  function wait(): void {
    if (closed || current.path === '') return;
    timer = setTimeout(() => {
      timer = null;
      turn = turn.then(look).then(wait);
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
