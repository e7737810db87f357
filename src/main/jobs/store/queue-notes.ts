import { randomBytes } from 'node:crypto';
import type { StoreConnection } from './store-connection';

/** Whether a text is the id of a host. */
export function isHost(text: string): boolean {
  return /^[0-9a-f]{8}$/.test(text);
}

/** Texts that the queue stores about itself, by key. */
export class QueueNotes {
  readonly #connection: StoreConnection;
  #host: string | null = null;

  constructor(connection: StoreConnection) {
    this.#connection = connection;
  }

  /** A random id of this database, made on first use: names what its host leaves in folders that others share. */
  get host(): string {
    if (this.#host !== null) return this.#host;
    const stored = this.note('host');
    const host = stored ?? randomBytes(4).toString('hex');
    if (stored === null) this.setNote('host', host);
    return (this.#host = host);
  }

  /** Null where none was stored. */
  note(key: string): string | null {
    const row = this.#connection.get('SELECT value FROM queue WHERE key = ?', key);
    return (row as { value: string } | undefined)?.value ?? null;
  }

  setNote(key: string, value: string): void {
    this.#connection.run(
      'INSERT INTO queue (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      value,
    );
  }
}
