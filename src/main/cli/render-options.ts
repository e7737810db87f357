import { resolve } from 'node:path';
import { parseFrameRange } from '../../shared/frame-range';
import { type JobRequest, jobRequestSchema } from '../../shared/jobs';
import { UserError } from '../../shared/user-error';

/** What `render` was given on the command line, as text. */
export interface RenderOptions {
  readonly frames?: string;
  readonly size?: string;
  readonly samples?: string;
  readonly camera?: string;
  readonly fps?: string;
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly workers?: string;
}

/**
 * Turns the words of the command line into a request. Paths are taken from the present folder.
 *
 * @throws UserError (`arguments`) naming the option that does not fit
 */
export function jobRequestOf(scene: string, options: RenderOptions): JobRequest {
  if (options.frames !== undefined) parseFrameRange(options.frames);
  const request = {
    scene: resolve(scene),
    ...(options.frames === undefined ? {} : { frames: options.frames }),
    ...(options.size === undefined ? {} : sizeOf(options.size)),
    ...(options.samples === undefined ? {} : { samples: number(options.samples) }),
    ...(options.camera === undefined ? {} : { camera: options.camera }),
    ...(options.fps === undefined ? {} : { fps: number(options.fps) }),
    ...(options.output === undefined ? {} : { output: absolute(options.output) }),
    ...(options.overwrite === undefined ? {} : { overwrite: options.overwrite }),
    ...(options.workers === undefined ? {} : { workers: number(options.workers) }),
  };
  const parsed = jobRequestSchema.safeParse(request);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const option = issue.path[0] === 'width' || issue.path[0] === 'height' ? 'size' : String(issue.path[0]);
  throw new UserError(`--${option} cannot be “${String(options[option as keyof RenderOptions])}”: ${expected[option] ?? issue.message}.`, 'arguments');
}

const expected: Readonly<Record<string, string>> = {
  size: 'write width and height in pixels, as 1280x720, each from 1 to 16384',
  samples: 'write a whole number from 1 to 4096',
  fps: 'write a number of frames per second above 0, up to 1000',
  workers: 'write a whole number from 1 to 64',
  output: 'write a path, with #### for the frame number',
};

function sizeOf(text: string): { width: number; height: number } {
  const match = /^(\d+)\s*[x×]\s*(\d+)$/i.exec(text.trim());
  return { width: Number(match?.[1] ?? Number.NaN), height: Number(match?.[2] ?? Number.NaN) };
}

function number(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** Blender's `//` stays: it means the scene's folder. A slash at the end stays too: it means a folder. */
function absolute(output: string): string {
  if (output === '' || output.startsWith('//')) return output;
  return resolve(output) + (/[/\\]$/.test(output) ? '/' : '');
}
