import { type Command, Option } from 'commander';
import { type Root, readRoots } from '../../../shared/root-paths';
import { UserError } from '../../../shared/user-error';
import { USUAL_CACHE_BYTES } from '../../machine/machine-defaults';

/** In GB. */
const USUAL_CACHE = USUAL_CACHE_BYTES / 1e9;

/** Options of `machine` about files. */
export interface FileOptions {
  readonly cache: string;
  readonly root: readonly Root[];
}

export function withFileOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--cache <GB>', 'disk space for copies of scenes; the least recently used ones go').default(
        String(USUAL_CACHE),
      ),
    )
    .option(
      '--root <NAME=PATH>',
      'folder that the manager sees, too, by the name in its farm.roots; repeatable',
      addRoot,
      [],
    );
}

/** @throws UserError (`arguments`) */
export function readFileOptions({ cache, root: roots }: FileOptions): {
  readonly cacheLimit: number;
  readonly roots: readonly Root[];
} {
  const gigabytes = Number(cache);
  if (!/^\d+(\.\d+)?$/.test(cache) || gigabytes > 1_000_000)
    throw new UserError(`--cache cannot be “${cache}”: write a number of GB, as ${USUAL_CACHE}.`, 'arguments');
  return { cacheLimit: gigabytes * 1e9, roots };
}

function addRoot(text: string, roots: readonly Root[]): readonly Root[] {
  const read = readRoots([...roots.map(({ name, path }) => `${name}=${path}`), text].join(';'));
  if (typeof read === 'string') throw new UserError(`--root: ${read}`, 'arguments');
  return read;
}
