import { resolve } from 'node:path';
import { type JobWords, jobChangesOfWords, jobRequestOfWords } from '../../shared/job-words';
import type { JobChanges, JobRequest } from '../../shared/jobs';

/** What `render`, `submit` and `edit` were given on the command line: text, and switches. Each is the word of shared/job-words with the same name. */
export interface RenderOptions {
  readonly frames?: string;
  readonly size?: string;
  readonly percentage?: string;
  readonly samples?: string;
  readonly camera?: string;
  readonly fps?: string;
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly workers?: string;
  readonly engine?: string;
  readonly sceneName?: string;
  readonly renderEngine?: string;
  readonly format?: string;
  readonly allowScripts?: boolean;
  readonly factoryStartup?: boolean;
  readonly order?: string;
  readonly attempts?: string;
  readonly failureShare?: string;
  readonly priority?: string;
  readonly after?: string;
  readonly startAt?: string;
}

/** Which options are words of a job; all others of a command are its own. */
const TEXTS = [
  'frames',
  'size',
  'camera',
  'engine',
  'sceneName',
  'renderEngine',
  'format',
  'order',
  'failureShare',
  'startAt',
] as const;
const NUMBERS = ['percentage', 'samples', 'fps', 'workers', 'attempts', 'priority'] as const;
const SWITCHES = ['overwrite', 'allowScripts', 'factoryStartup'] as const;

/** An option as it is typed: `sceneName` is `--scene-name`. */
export const optionOf = (word: string): string =>
  `--${word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * Turns the words of the command line into a request.
 *
 * @param remote the paths are those of another machine, and stay as they are; otherwise they are taken from the present folder
 * @throws UserError (`arguments`) naming the option that does not fit
 */
export function jobRequestOf(scene: string, options: RenderOptions, remote = false): JobRequest {
  return jobRequestOfWords({ scene: remote ? scene : resolve(scene), ...wordsOf(options, remote) }, optionOf);
}

/**
 * As {@link jobRequestOf}, for `edit`.
 *
 * @throws UserError (`arguments`) naming the option that does not fit
 */
export function jobChangesOf(options: RenderOptions, remote = false): JobChanges {
  return jobChangesOfWords(wordsOf(options, remote), optionOf);
}

function wordsOf(options: RenderOptions, remote: boolean): Omit<JobWords, 'scene'> {
  const words: Record<string, unknown> = {};
  for (const word of [...TEXTS, ...SWITCHES]) if (options[word] !== undefined) words[word] = options[word];
  for (const word of NUMBERS) if (options[word] !== undefined) words[word] = number(options[word]);
  if (options.output !== undefined) words['output'] = remote ? options.output : absolute(options.output);
  if (options.after !== undefined) words['after'] = jobIdsIn(options.after);
  return words as Omit<JobWords, 'scene'>;
}

/** What can't be read stays in it as text, so that the sentence that refuses it shows it. */
function number(text: string): number | string {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

/** `3,5`; `none` takes back what a job waited for. */
function jobIdsIn(text: string): (number | string)[] | string {
  if (/^none$/i.test(text.trim())) return [];
  return /^\d+(\s*,\s*\d+)*$/.test(text.trim()) ? text.split(',').map(Number) : text;
}

/** Blender's `//` stays: it means the scene's folder. A slash at the end stays too: it means a folder. */
function absolute(output: string): string {
  if (output === '' || output.startsWith('//')) return output;
  return resolve(output) + (/[/\\]$/.test(output) ? '/' : '');
}
