import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import { childEnvironment } from '../processes/child-environment';

/** Number of characters kept from the end of a command's output. */
const MAX_OUTPUT = 16_384;

/** How long to wait for output after a command has ended, in milliseconds. */
const STRAGGLING = 500;

/** Result of a command. */
export interface CommandResult {
  /** Why it counts as failed, in words; null for success. */
  readonly problem: string | null;
  /** The end of its output, with both streams interleaved. */
  readonly output: string;
}

/** Runs a command line; never rejects. */
export type RunCommand = (command: string, env: Readonly<Record<string, string>>) => Promise<CommandResult>;

/**
 * Runs a command line in the system's shell (`sh`, `cmd.exe`), in the user's home folder, with additional environment
 * variables and empty input.
 */
export const runShellCommand: RunCommand = (command, env) =>
  new Promise((resolve) => {
    let output = '';
    const child = spawn(command, {
      shell: true,
      cwd: homedir(),
      env: childEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      const decoder = new StringDecoder('utf8');
      stream.on('data', (data: Buffer) => {
        output = (output + decoder.write(data)).slice(-MAX_OUTPUT);
      });
    }
    child.once('error', (error) => resolve({ problem: error.message, output }));
    child.once('exit', (code, signal) => {
      const end = (): void =>
        resolve({
          problem: code === 0 ? null : signal ? `it was ended by ${signal}` : `it ended with code ${code}`,
          output: output.trimEnd(),
        });
      child.once('close', end);
      // Background processes it started may keep the streams open; its own end counts.
      setTimeout(end, STRAGGLING).unref();
    });
  });
