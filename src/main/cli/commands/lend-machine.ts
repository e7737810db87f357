import { MAX_MACHINE_WORKERS, machineNameSchema } from '../../../shared/farm';
import { TAG_RULE, listOf, tagsSchema } from '../../../shared/machine-limits';
import { UserError, messageOf } from '../../../shared/user-error';
import { readMetricsAddress } from '../../machine/metrics-address';
import { usualName } from '../../machine/machine-defaults';
import type { Cli } from '../cli';
import { interrupted } from '../terminal';
import { type FileOptions, readFileOptions } from './machine-files';

/** Options of `machine` without an id. */
export interface LendOptions extends FileOptions {
  readonly join?: string;
  readonly token?: string;
  readonly name?: string;
  readonly tags?: string;
  readonly workers: string;
  readonly metrics?: string;
}

/** Lends this machine to a farm until Ctrl+C. */
export async function lendMachine(options: LendOptions, { terminal, folder }: Cli): Promise<number> {
  const workers = Number(options.workers);
  if (!/^\d+$/.test(options.workers) || workers < 1 || workers > MAX_MACHINE_WORKERS)
    throw new UserError(
      `--workers cannot be “${options.workers}”: write a number from 1 to ${MAX_MACHINE_WORKERS}.`,
      'arguments',
    );
  const name = options.name ?? usualName();
  if (!machineNameSchema.safeParse(name).success)
    throw new UserError(
      `--name cannot be “${name}”: write letters, digits, spaces and “._-”, at most 63 of them.`,
      'arguments',
    );
  const tags = tagsOf(options.tags ?? '');
  const [{ startMachine }, { forgetFarm }, { headlessChromium }, { builtFolder }] = await Promise.all([
    import('../../machine/machine'),
    import('../../machine/join'),
    import('../../engines/pages/headless-chromium'),
    import('../environment'),
  ]);
  const machine = await startMachine({
    dataFolder: folder(),
    url: options.join,
    token: options.token,
    name,
    tags,
    workers,
    ...readFileOptions(options),
    ...(options.metrics === undefined ? {} : { metrics: readMetricsAddress(options.metrics) }),
    pages: headlessChromium(),
    built: builtFolder,
    onState: (text) => terminal.out.write(`${text}\n`),
    onFrame: ({ frame }, failure) => {
      if (failure !== null) terminal.err.write(`Frame ${frame}: ${failure}\n`);
    },
    onFault: (error) => terminal.err.write(`Something went wrong: ${messageOf(error)}\n`),
  });
  const { identity, engines, dismissed } = machine;
  terminal.out.write(
    `“${identity.name}” lends ${workers} ${workers === 1 ? 'worker' : 'workers'} (${engines.join(', ')}) to ${identity.url}.\nPress Ctrl+C to end it; its frames are then rendered by others.\n`,
  );
  const why = await Promise.race([interrupted(terminal.signal).then(() => null), dismissed]);
  await machine.close();
  if (why === null) return 0;
  // It was taken out of the farm on the manager: there is nothing to come back to.
  await forgetFarm(folder());
  terminal.err.write(`${why}\n`);
  return 1;
}

/** @throws UserError when they are no tags */
export function tagsOf(text: string): string[] {
  const tags = tagsSchema.safeParse(listOf(text));
  if (tags.success) return tags.data;
  throw new UserError(`--tags cannot be “${text}”: ${TAG_RULE}.`, 'arguments');
}
