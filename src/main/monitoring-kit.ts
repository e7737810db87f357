import { mkdir, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, isAbsolute, join, sep } from 'node:path';
import type { Addon } from '../shared/addons';
import { UserError, messageOf } from '../shared/user-error';

/** What of monitoring/ a person needs; the rest is what the kit is made from. */
const PARTS: readonly string[] = ['README.md', 'prometheus.yml', 'compose.yml', 'rules', 'targets', 'tests', 'grafana'];
/** Where the kit's own files say that the metrics are: Prometheus beside Framegauge, and Prometheus in a container. */
const BESIDE = 'localhost:8000';
const IN_CONTAINER = 'host.docker.internal:8000';

/**
 * Copies the monitoring kit into a folder, with the scrape target filled in. What is there already with other content, an older kit's or a person's changes, is set
 * aside as `NAME.before`; files that are not the kit's are left alone.
 *
 * @param source monitoring/, as the program brings it
 * @param folder absolute; made where missing
 * @param address the add-on's Address:port as it was written; null for the usual one
 * @returns paths of what was written, relative to the folder, in order
 * @throws UserError when the folder cannot be written to
 */
export async function writeMonitoringKit(source: string, folder: string, address: string | null): Promise<string[]> {
  if (!isAbsolute(folder))
    throw new UserError(
      `The monitoring kit cannot be saved in “${folder}”: name a folder with its whole path.`,
      'arguments',
    );
  const files = (await Promise.all(PARTS.map((part) => filesUnder(source, part)))).flat();
  const { beside, inContainer, instance } = targets(address);
  try {
    for (const file of files) {
      const content = await readFile(join(source, file), 'utf8');
      const [usual, wanted] = content.includes(IN_CONTAINER) ? [IN_CONTAINER, inContainer] : [BESIDE, beside];
      const filled = file.startsWith(`targets${sep}`)
        ? content.replace(usual, yamlText(wanted)) + named(instance)
        : content;
      await place(join(folder, file), filled);
    }
  } catch (error) {
    throw new UserError(
      `The monitoring kit cannot be saved in ${folder} (${messageOf(error)}): choose another folder.`,
    );
  }
  return files;
}

/**
 * Where the metrics are to be had: as it was asked for, or where the add-on serves them when it had to fall back, which its panel tells.
 *
 * @returns null where neither is known
 */
export function metricsAddress({ preferences, status }: Pick<Addon, 'preferences' | 'status'>): string | null {
  const effective = status?.details?.find(({ label }) => label === 'Effective')?.value;
  const fellBack = status?.level === 'warning' && status.details?.some(({ label }) => label === 'Reason');
  if (fellBack && effective !== undefined && effective !== 'none') return effective;
  return typeof preferences['address'] === 'string' ? preferences['address'] : null;
}

/** Writes a file, setting one with other content aside. */
async function place(file: string, content: string): Promise<void> {
  const before = await readFile(file, 'utf8').catch(() => null);
  if (before === content) return;
  await mkdir(dirname(file), { recursive: true });
  if (before !== null) await rename(file, `${file}.before`);
  await writeFile(file, content);
}

interface Targets {
  /** How a Prometheus on this machine reaches the metrics. */
  readonly beside: string;
  /** How one in a container on this machine does. */
  readonly inContainer: string;
  /** What panels and alerts call the host, where the target itself would not say which machine it is. */
  readonly instance: string | null;
}

function targets(address: string | null): Targets {
  const match = /^(.*):(\d+)$/.exec(address?.trim() ?? '');
  const [, written, port] = match ?? [null, '', '0'];
  // Nothing that could be scraped: an address that was mistyped, or a port that the system chooses.
  if (Number(port) === 0) return { beside: BESIDE, inContainer: IN_CONTAINER, instance: null };
  const bare = written!.replace(/^\[(.*)\]$/, '$1');
  const host = bare.includes(':') ? `[${bare}]` : bare;
  const local = { inContainer: `host.docker.internal:${port}`, instance: `${hostname()}:${port}` };
  if (['', '0.0.0.0', '[::]', 'localhost'].includes(host)) return { beside: `localhost:${port}`, ...local };
  // There are many loopback addresses, so this one is kept; a container can only come by the machine's name for itself.
  if (host === '[::1]' || host.startsWith('127.')) return { beside: `${host}:${port}`, ...local };
  return { beside: `${host}:${port}`, inContainer: `${host}:${port}`, instance: null };
}

/** A label that stands in place of the target's address. */
function named(instance: string | null): string {
  return instance === null ? '' : `  labels:\n    instance: '${instance}'\n`;
}

/** An IPv6 address would begin a list in YAML. */
function yamlText(target: string): string {
  return target.startsWith('[') ? `'${target}'` : target;
}

/** Files of a folder and those in it, or the file itself, relative to the source. Folder by folder: inside of the packaged app's archive Node's own recursion does not work everywhere. */
async function filesUnder(source: string, path: string): Promise<string[]> {
  if (!(await stat(join(source, path))).isDirectory()) return [path];
  const names = (await readdir(join(source, path))).sort();
  return (await Promise.all(names.map((name) => filesUnder(source, join(path, name))))).flat();
}
