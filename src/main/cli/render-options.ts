import { type JobWords, checkConflictPolicy, jobChangesOfWords, jobRequestOfWords } from '../../shared/job-words';
import type { ConflictPolicy, JobChanges, JobRequest } from '../../shared/jobs';
import { listOf } from '../../shared/machine-limits';
import { typedOutput, typedPath } from '../scenes/typed-path';

/**
 * Command-line options of `render`, `submit` and `edit`: texts and switches. Each is the word of shared/job-words with
 * the same name.
 */
export interface RenderOptions {
  readonly frames?: string;
  readonly size?: string;
  readonly percentage?: string;
  readonly samples?: string;
  readonly camera?: string;
  readonly fps?: string;
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly keepExisting?: boolean;
  readonly newVersion?: boolean;
  readonly preview?: boolean;
  readonly animation?: readonly string[];
  readonly transparent?: boolean;
  readonly device?: string;
  readonly workers?: string;
  readonly tags?: string;
  readonly block?: string;
  readonly maxMachines?: string;
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
  readonly name?: string;
  readonly note?: string;
}

/** Options that are job words; a command's other options are its own. */
const TEXTS = [
  'frames',
  'size',
  'camera',
  'engine',
  'sceneName',
  'renderEngine',
  'format',
  'device',
  'order',
  'failureShare',
  'startAt',
  'name',
  'note',
] as const;
const NUMBERS = ['percentage', 'samples', 'fps', 'workers', 'attempts', 'priority'] as const;
const SWITCHES = [
  'overwrite',
  'keepExisting',
  'newVersion',
  'preview',
  'transparent',
  'allowScripts',
  'factoryStartup',
] as const;

/** Options that are named otherwise than their words: one that may be repeated is named in the singular. */
const OPTION_NAMES: Readonly<Record<string, string>> = { animations: '--animation', blockedMachines: '--block' };

/** An option as typed: `sceneName` is `--scene-name`. */
export const optionOf = (word: string): string =>
  OPTION_NAMES[word] ?? `--${word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * Converts command-line options to a request.
 *
 * @param remote paths belong to another machine and stay unchanged; otherwise they are resolved against the current
 * folder
 * @throws UserError (`arguments`) naming the invalid option
 */
export function jobRequestOf(scene: string, options: RenderOptions, remote = false): JobRequest {
  return jobRequestOfWords(
    { scene: remote ? scene : typedPath(scene, { from: process.cwd() }), ...wordsOf(options, remote) },
    optionOf,
  );
}

/**
 * Like {@link jobRequestOf}, for `edit`.
 *
 * @throws UserError (`arguments`) naming the invalid option
 */
export function jobChangesOf(options: RenderOptions, remote = false): JobChanges {
  return jobChangesOfWords(wordsOf(options, remote), optionOf);
}

/** @throws UserError (`arguments`) where options for existing images exclude each other */
export function checkConflictOptions(options: ConflictPolicy): void {
  checkConflictPolicy(options, optionOf);
}

function wordsOf(options: RenderOptions, remote: boolean): Omit<JobWords, 'scene'> {
  const words: Record<string, unknown> = {};
  for (const word of [...TEXTS, ...SWITCHES]) if (options[word] !== undefined) words[word] = options[word];
  for (const word of NUMBERS) if (options[word] !== undefined) words[word] = number(options[word]);
  if (options.animation !== undefined) words['animations'] = options.animation;
  if (options.tags !== undefined) words['tags'] = listOf(options.tags);
  if (options.block !== undefined) words['blockedMachines'] = listOf(options.block);
  if (options.maxMachines !== undefined)
    words['maxMachines'] = /^any$/i.test(options.maxMachines.trim()) ? null : number(options.maxMachines);
  if (options.output !== undefined)
    words['output'] = remote ? options.output : typedOutput(options.output, { from: process.cwd() });
  if (options.after !== undefined) words['after'] = jobIdsIn(options.after);
  return words as Omit<JobWords, 'scene'>;
}

/** Text that is not a number is passed on unchanged, so that the error sentence can quote it. */
function number(text: string): number | string {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

/** `3,5`; `none` clears the dependencies. */
function jobIdsIn(text: string): (number | string)[] | string {
  if (/^none$/i.test(text.trim())) return [];
  return /^\d+(\s*,\s*\d+)*$/.test(text.trim()) ? text.split(',').map(Number) : text;
}
