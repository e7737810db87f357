import { execFile, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** In milliseconds; a program on a network drive may take its time. */
const PROBE_TIMEOUT = 30_000;
/** Maximum time without progress, in milliseconds. */
const SILENCE = 5 * 60_000;
/** Characters kept of ffmpeg's errors. */
const KEPT = 2_000;
/** So that a render is not held up (`os.constants.priority.PRIORITY_LOW` is 19). */
const NICE = 15;

export interface Ffmpeg {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** Such as 5.1.9. */
  readonly version: string;
}

/**
 * Finds ffmpeg and ffprobe by running them.
 *
 * @param path of ffmpeg; '' for the one that is installed
 * @throws Error that says how to get it
 */
export async function findFfmpeg(path: string, signal: AbortSignal): Promise<Ffmpeg> {
  const ffmpeg = path === '' ? 'ffmpeg' : path;
  const ffprobe = path === '' ? 'ffprobe' : join(dirname(path), basename(path).replace('ffmpeg', 'ffprobe'));
  for (const program of [ffmpeg, ffprobe]) {
    try {
      const { stdout } = await execute(program, ['-version'], { timeout: PROBE_TIMEOUT, signal });
      const version = /version (\S+)/.exec(stdout)?.[1];
      if (version === undefined) throw new Error('it is another program');
      if (program === ffprobe) return { ffmpeg, ffprobe, version: version.replace(/-.*$/, '') };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new Error(
        code === 'ENOENT'
          ? `${program} is not there: ${path === '' ? howToInstall(process.platform) : 'correct the path, or leave it empty for the one that is installed'}.`
          : `${program} does not run: ${message.split('\n')[0]}`,
        { cause: error },
      );
    }
  }
  throw new Error('unreachable');
}

/** How ffmpeg is installed, as the end of a sentence. */
export function howToInstall(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'install it with “brew install ffmpeg”';
  if (platform === 'win32') return 'install it with “winget install Gyan.FFmpeg” and start Framegauge again';
  return 'install it with “apt-get install ffmpeg”, or as your system installs programs';
}

/** Whether an image has transparency. @throws Error when it cannot be read */
export async function probeAlpha({ ffprobe }: Ffmpeg, file: string, signal: AbortSignal): Promise<boolean> {
  const question = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=pix_fmt', '-of', 'csv=p=0'];
  try {
    const { stdout } = await execute(ffprobe, [...question, '-i', `file:${file}`], { timeout: PROBE_TIMEOUT, signal });
    if (stdout.trim() === '' || stdout.trim() === 'unknown') throw new Error('it is no image that ffmpeg knows');
    return /^(?:rgba|bgra|argb|abgr|ya\d|gbrap|yuva|pal8)/.test(stdout.trim());
  } catch (error) {
    throw new Error(
      `${file} cannot be read: ${lastLine((error as { stderr?: string }).stderr || (error as Error).message)}`,
      {
        cause: error,
      },
    );
  }
}

/**
 * Runs ffmpeg with a low priority until it ends.
 *
 * @param progress told the number of frames written so far
 * @throws Error with ffmpeg's own reason; after `signal` is aborted, when ffmpeg is gone
 */
export function runFfmpeg(
  { ffmpeg }: Pick<Ffmpeg, 'ffmpeg'>,
  args: readonly string[],
  progress: (frames: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error('ffmpeg was not started.'));
    const child = spawn(ffmpeg, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    let failure: Error | null = null;
    const stop = (reason: Error): void => {
      failure ??= reason;
      child.kill('SIGKILL');
    };
    const aborted = (): void => stop(new Error('ffmpeg was stopped.'));
    signal.addEventListener('abort', aborted, { once: true });
    const silence = setTimeout(
      () => stop(new Error(`ffmpeg wrote nothing for ${SILENCE / 60_000} minutes and was stopped.`)),
      SILENCE,
    );
    child.once('spawn', () => {
      try {
        if (child.pid !== undefined) setPriority(child.pid, NICE);
      } catch {
        // Then it runs with the priority of everything else.
      }
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      silence.refresh();
      const frames = /^frame=\s*(\d+)/m.exec(text)?.[1];
      if (frames !== undefined) progress(Number(frames));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-KEPT);
    });
    child.once('error', (error) => {
      failure ??= error;
    });
    child.once('close', (code, killedBy) => {
      clearTimeout(silence);
      signal.removeEventListener('abort', aborted);
      if (failure) reject(failure);
      else if (code === 0) resolve();
      else reject(new Error(`ffmpeg failed: ${lastLine(errors) || `it ended with ${killedBy ?? code}`}`));
    });
  });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
