import type { Readable } from 'node:stream';

/** What a process prints. */
export interface PrintedText {
  /** All of it so far. */
  text(): string;
  /** Settles with the first match, past or future. @throws when the process ends without one */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

/** @param ended settles when the process has ended, with what to tell of that */
export function followText(streams: readonly Readable[], ended: Promise<string>): PrintedText {
  let text = '';
  const watchers = new Set<() => void>();
  for (const stream of streams)
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const watch of watchers) watch();
    });
  return {
    text: () => text,
    printed: (pattern) =>
      new Promise((settle, reject) => {
        const watch = (): void => {
          const match = pattern.exec(text);
          if (!match) return;
          watchers.delete(watch);
          settle(match);
        };
        watchers.add(watch);
        watch();
        void ended.then((end) => reject(new Error(`${end} before printing ${String(pattern)}:\n${text}`)));
      }),
  };
}
