import { closeSync, fdatasync, openSync } from 'node:fs';
import { shareNext } from '../../../shared/share-next';
import { describe } from '../../data/system-error';

/**
 * Flushes a database's write-ahead log to the disk, from the thread pool: as a commit with `synchronous = FULL` does it,
 * the event loop would wait for the disk. Who asks while a flush is under way shares the next one with others.
 *
 * It needs no agreement with the connection. The log is one file as long as the connection is open, and a checkpoint
 * flushes log and database before anything in the log is overwritten. SQLite's locks are on other files: closing a
 * descriptor of the log releases none.
 */
export class LogFlush {
  readonly #file: string;
  readonly #writeBack: () => void;
  readonly #share = shareNext<void>();
  #descriptor: number | null = null;
  #underWay = 0;
  #closed = false;
  /** What an earlier flush was to write may be lost. */
  #failed = false;

  /**
   * @param file path of the log, which must exist at the first flush
   * @param writeBack brings all that was committed from the log into the database, on the disk, or throws
   */
  constructor(file: string, writeBack: () => void) {
    this.#file = file;
    this.#writeBack = writeBack;
  }

  /**
   * Resolves when all that was committed before the call survives a power cut.
   *
   * @throws Error with SQLite's code of a failed flush, `SQLITE_IOERR_FSYNC`
   */
  flush(): Promise<void> {
    return this.#share(this.#file, () => this.#flush());
  }

  /** Call before the connection is closed, which deletes the log. */
  close(): void {
    this.#closed = true;
    if (this.#underWay === 0) this.#closeDescriptor();
  }

  async #flush(): Promise<void> {
    this.#underWay++;
    try {
      if (this.#closed) throw new Error('it is closed');
      // The system takes pages that it failed to write for written: no further flush would try them again.
      if (this.#failed) this.#writeBack();
      else await sync((this.#descriptor ??= openSync(this.#file, 'r+')));
      this.#failed = false;
    } catch (error) {
      this.#failed = true;
      const message = `its log cannot be flushed to the disk: ${describe(error)}`;
      throw Object.assign(new Error(message, { cause: error }), { code: 'SQLITE_IOERR_FSYNC' });
    } finally {
      this.#underWay--;
      if (this.#closed && this.#underWay === 0) this.#closeDescriptor();
    }
  }

  #closeDescriptor(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

/** On macOS it is F_FULLFSYNC, which passes the disk's own cache. */
function sync(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(descriptor, (error) => (error ? reject(error) : resolve()));
  });
}
