import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { StringDecoder } from 'node:string_decoder';

/** Of what a command prints, so much of the end is kept, in characters. */
const MAX_OUTPUT = 16_384;

/** For how long what a command printed is waited for after its end, in milliseconds. */
const STRAGGLING = 500;

/** How a command ended. */
export interface CommandResult {
  /** Why it counts as failed, in words; null when it did not. */
  readonly problem: string | null;
  /** The end of what it printed, both streams as they came. */
  readonly output: string;
}

/** Runs a command line; never rejects. */
export type RunCommand = (command: string, env: Readonly<Record<string, string>>) => Promise<CommandResult>;

/** Runs a command line by the system's shell (`sh`, `cmd.exe`), in the user's home folder, with further environment variables and nothing to read. */
export const runShellCommand: RunCommand = (command, env) =>
  new Promise((resolve) => {
    let output = '';
    const child = spawn(command, {
      shell: true,
      cwd: homedir(),
      env: { ...process.env, ...env },
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
      // What it left running in the background may hold the streams open; its own end is what counts.
      setTimeout(end, STRAGGLING).unref();
    });
  });
