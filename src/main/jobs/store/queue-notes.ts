import type { StoreConnection } from './store-connection';

/** Texts that the queue stores about itself, by key. */
export class QueueNotes {
  readonly #connection: StoreConnection;

  constructor(connection: StoreConnection) {
    this.#connection = connection;
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
