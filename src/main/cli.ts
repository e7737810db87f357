import { CommanderError } from 'commander';
import { UserError, messageOf } from '../shared/user-error';
import { createProgram } from './cli/program';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second time means it.
    if (stop.signal.aborted) process.exit(1);
    stop.abort();
  });
}
// Whoever read our output has gone (`… | head`): end as on Ctrl+C.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop.abort());

try {
  await createProgram({
    in: process.stdin,
    out: process.stdout,
    err: process.stderr,
    signal: stop.signal,
  }).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version were asked for; everything else is a wrong argument, which commander has explained.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = error instanceof UserError && error.kind === 'arguments' ? 2 : 1;
  }
}
