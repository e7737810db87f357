import { CommanderError } from 'commander';
import { messageOf } from '../shared/user-error';
import { guardOwnHosts } from './cli/environment';
import { exitCodeOf } from './cli/exit-code';
import { createProgram } from './cli/program';
import { harmless } from './cli/terminal';
import { onEndSignal } from './processes/hangup';

const stop = new AbortController();
onEndSignal(() => {
  // A second signal forces the exit.
  if (stop.signal.aborted) process.exit(1);
  stop.abort();
});
for (const stream of [process.stdout, process.stderr])
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    // The reader of our output is gone (`… | head`): end as on Ctrl+C. Where it can't be written for another reason, as on
    // a full disk, the work goes on.
    if (code === 'EPIPE') stop.abort();
  });
guardOwnHosts(process.stderr);

try {
  await createProgram({
    in: process.stdin,
    out: process.stdout,
    err: process.stderr,
    signal: stop.signal,
    // Also where the program is Electron, run as Node: by itself, commander would count no script among its arguments.
  }).parseAsync(process.argv, { from: 'node' });
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version exit with 0; everything else is an argument error that commander has already reported.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    process.stderr.write(`${harmless(messageOf(error))}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
