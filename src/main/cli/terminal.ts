/** How a command reaches the outside, so that tests can stand in its place. */
export interface Terminal {
  readonly in: NodeJS.ReadStream;
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  /** Aborted by Ctrl+C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** Settles when the person has had enough. */
export const interrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Prints a value as one line of JSON. */
export function printJson({ out }: Terminal, value: unknown): void {
  out.write(`${JSON.stringify(value)}\n`);
}
