import { CommanderError } from 'commander';
import { messageOf } from '../shared/user-error';
import { guardOwnHosts } from './cli/environment';
import { exitCodeOf } from './cli/exit-code';
import { createProgram } from './cli/program';
import { harmless } from './cli/terminal';
import { describe } from './data/system-error';
import { onEndSignal } from './processes/hangup';

/**
 * Time after the first signal in which others are taken for the same request, in milliseconds. Under npm one arrives
 * twice: npm forwards a Ctrl+C that the terminal has sent us already, and of a service that is stopped we hear
 * ourselves and by npm's end (scripts/end-with-npm.mjs).
 */
const SAME_REQUEST = 2_000;

const stop = new AbortController();
let askedAt = -Infinity;
onEndSignal(() => {
  if (!stop.signal.aborted) {
    askedAt = performance.now();
    stop.abort();
    // A second request forces the exit.
  } else if (performance.now() - askedAt > SAME_REQUEST) process.exit(1);
});
/** Why the output could not be written, unless its reader is gone. */
let unwritten: unknown = null;
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of our output is gone (`… | head`): end as on Ctrl+C. Where it can't be written for another reason, as on
    // a full disk, the work goes on.
    if (error.code === 'EPIPE') stop.abort();
    else if (stream === process.stdout) unwritten ??= error;
  });
guardOwnHosts(process.stderr);

const program = createProgram({
  in: process.stdin,
  out: process.stdout,
  err: process.stderr,
  signal: stop.signal,
});
/** Commands that have done what they are for once their work is done, whatever became of what they print. */
const WORKS: readonly (string | undefined)[] = ['render', 'submit', 'watch', 'serve', 'demo', 'machine'];
process.once('exit', () => {
  if (unwritten === null) return;
  process.stderr.write(`What is printed here could not be written (${describe(unwritten)}).\n`);
  if (!WORKS.includes(program.args[0])) process.exitCode ||= 1;
});

try {
  // Also where the program is Electron, run as Node: by itself, commander would count no script among its arguments.
  await program.parseAsync(process.argv, { from: 'node' });
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version exit with 0; everything else is an argument error that commander has already reported.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const sentence =
      (error as NodeJS.ErrnoException | null)?.syscall === 'uv_cwd'
        ? 'The current folder is there no more: go to another one.'
        : messageOf(error);
    process.stderr.write(`${harmless(sentence)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
