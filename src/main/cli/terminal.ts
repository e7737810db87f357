/** A command's streams and interrupt signal, replaceable in tests. */
export interface Terminal {
  readonly in: NodeJS.ReadStream;
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  /** Aborted by Ctrl+C or SIGTERM. */
  readonly signal: AbortSignal;
}

/**
 * Characters that control a terminal or reorder text: control characters (C0 except line ends and tabs, DEL, C1), line
 * and paragraph separators, and directional formatting.
 */
// oxlint-disable-next-line no-control-regex
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;
/** Escape sequences that we draw with: colours, cursor up, clear line, clear below. */
// oxlint-disable-next-line no-control-regex
const OWN_SEQUENCE = /(\u001b\[[\d;]*m|\u001b\[\d+A|\u001b\[J|\r?\u001b\[2K)/u;

/** Removes all terminal control from a text. */
export function harmless(text: string): string {
  return text.replaceAll(/\r\n/g, '\n').replaceAll(STEERING, ' ');
}

/** The raw streams behind the guarded ones that commands write to. */
const behind = new WeakMap<NodeJS.WriteStream, NodeJS.WriteStream>();

/**
 * Makes a terminal safe for untrusted text: names of files, scenes and materials, and messages of engines and servers,
 * can contain escape sequences that change titles, the clipboard or earlier output. Everything that commands print goes
 * through it.
 */
export function guardTerminal(terminal: Terminal): Terminal {
  return { ...terminal, out: guarded(terminal.out), err: guarded(terminal.err) };
}

function guarded(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const proxy = new Proxy(stream, {
    get(target, key) {
      if (key === 'write') return (text: string | Uint8Array): boolean => target.write(harmless(String(text)));
      const value = Reflect.get(target, key, target) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  behind.set(proxy, stream);
  return proxy;
}

/**
 * Writes formatted output, with colours and cursor movements. The caller must have made the texts in it {@link
 * harmless}.
 */
export function draw(stream: NodeJS.WriteStream, text: string): void {
  (behind.get(stream) ?? stream).write(
    text
      .split(OWN_SEQUENCE)
      .map((part, index) => (index % 2 === 1 ? part : harmless(part)))
      .join(''),
  );
}

/** The raw stream, for editing a line in place. */
export function streamBehind(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return behind.get(stream) ?? stream;
}

/** Settles when the user interrupts. */
export const interrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Prints a value as one line of JSON; terminal control characters are escaped, which does not change the value. */
export function printJson({ out }: Pick<Terminal, 'out'>, value: unknown): void {
  const text = JSON.stringify(value).replaceAll(STEERING, (characters) =>
    [...characters].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );
  out.write(`${text}\n`);
}
