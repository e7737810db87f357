/** Tasks that nobody awaits individually, but that must finish before the resources they use are closed. */
export class BackgroundTasks {
  readonly #tasks = new Set<Promise<void>>();
  readonly #onFault: (error: unknown) => void;

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  add(task: Promise<void>): void {
    const tracked = task.catch(this.#onFault).finally(() => this.#tasks.delete(tracked));
    this.#tasks.add(tracked);
  }

  /** Resolves when all tasks have finished. */
  async over(): Promise<void> {
    await Promise.all(this.#tasks);
  }
}
