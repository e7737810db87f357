import { chmod, readFile, readdir, rename, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, isAbsolute, join, sep } from 'node:path';
import type { Addon } from '../shared/addons';
import { UserError } from '../shared/user-error';
import { makeFolder } from './data/make-folder';
import { openRegularFile } from './data/open-regular-file';
import { describe } from './data/system-error';
import { writeFileAtomically } from './data/write-file-atomically';

/** Configurations of Prometheus, which name the host's address. */
const CONFIGURATIONS: readonly string[] = ['prometheus.yml', 'prometheus-compose.yml'];
/** Parts of monitoring/ that a user needs; the others are the kit's sources. */
const PARTS: readonly string[] = [
  'README.md',
  ...CONFIGURATIONS,
  'compose.yml',
  'rules',
  'targets',
  'tests',
  'grafana',
];
/** The metrics address in the kit's own files: for a Prometheus on the same machine, and for one in a container. */
const BESIDE = 'localhost:8000';
const IN_CONTAINER = 'host.docker.internal:8000';

/** The add-on that serves the kit's metrics. */
const METRICS_ADDON = 'prometheus';

/**
 * Saves the kit, configured for this host's metrics.
 *
 * @returns like {@link writeMonitoringKit}
 * @throws UserError when the folder is not writable
 */
export function saveMonitoringKit(
  source: string,
  folder: string,
  addons: { get(id: string): Pick<Addon, 'preferences' | 'status'> },
): Promise<string[]> {
  return writeMonitoringKit(source, folder, metricsAddress(addons.get(METRICS_ADDON)));
}

/**
 * Copies the monitoring kit to a folder and fills in the scrape target. Existing files with other content, from an
 * older kit or edited by a person, are kept as `NAME.before`; files that are not the kit's are not touched.
 *
 * @param source monitoring/, as shipped with the program
 * @param folder absolute; created if missing
 * @param address the add-on's Address:port as written; null for the default
 * @returns paths of the written files, relative to the folder, in order
 * @throws UserError when the folder is not writable
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
      let filled = content;
      if (file.startsWith(`targets${sep}`)) filled = content.replace(usual, yamlText(wanted)) + named(instance);
      else if (CONFIGURATIONS.includes(file)) filled = content.replace(`${usual}/sd`, `${wanted}/sd`);
      await writeKitFile(join(folder, file), filled);
    }
  } catch (error) {
    throw new UserError(`The monitoring kit cannot be saved in ${folder} (${describe(error)}): choose another folder.`);
  }
  return files;
}

/**
 * The address of the metrics: the requested one, or the fallback's as shown in the add-on's panel.
 *
 * @returns null where neither is known
 */
export function metricsAddress({ preferences, status }: Pick<Addon, 'preferences' | 'status'>): string | null {
  const effective = status?.details?.find(({ label }) => label === 'Effective')?.value;
  const fellBack = status?.level === 'warning' && status.details?.some(({ label }) => label === 'Reason');
  if (fellBack && effective !== undefined && effective !== 'none') return effective;
  return typeof preferences['address'] === 'string' ? preferences['address'] : null;
}

/**
 * Writes a file, keeping one with other content as a backup. @throws NotAFileError for a pipe or the like, or Error of
 * the file system
 */
async function writeKitFile(file: string, content: string): Promise<void> {
  const before = await contentOf(file, Buffer.byteLength(content));
  if (before === content) return;
  const made = await makeFolder(dirname(file));
  if (made !== undefined) await chmodBetween(made, dirname(file), 0o755);
  if (before !== null) await rename(file, `${file}.before`);
  await writeFileAtomically(file, content);
  // Prometheus runs as another user, in a container or as a service. The kit contains no secrets.
  await chmod(file, 0o644);
}

/**
 * The content of a file about to be replaced; null where there is none.
 *
 * @param length of the new content in bytes: a file of another length is not read
 */
async function contentOf(file: string, length: number): Promise<string | null> {
  const handle = await openRegularFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  try {
    if (!handle) return null;
    return (await handle.stat()).size === length ? await handle.readFile('utf8') : '';
  } finally {
    await handle?.close();
  }
}

/** Sets the mode of nested folders, from the outermost to the innermost. */
async function chmodBetween(uppermost: string, innermost: string, mode: number): Promise<void> {
  for (let folder = innermost; ; folder = dirname(folder)) {
    await chmod(folder, mode);
    if (folder === uppermost || dirname(folder) === folder) return;
  }
}

interface Targets {
  /** The metrics address for a Prometheus on this machine. */
  readonly beside: string;
  /** The metrics address for a container on this machine. */
  readonly inContainer: string;
  /** The instance label in panels and alerts, where the target itself would not identify the machine. */
  readonly instance: string | null;
}

function targets(address: string | null): Targets {
  const match = /^(.*):(\d+)$/.exec(address?.trim() ?? '');
  const [, written, port] = match ?? [null, '', '0'];
  // Not scrapable: an invalid address, or a port chosen by the system.
  if (Number(port) === 0) return { beside: BESIDE, inContainer: IN_CONTAINER, instance: null };
  const bare = written!.replace(/^\[(.*)\]$/, '$1');
  const host = bare.includes(':') ? `[${bare}]` : bare;
  const local = { inContainer: `host.docker.internal:${port}`, instance: `${hostname()}:${port}` };
  if (['', '0.0.0.0', '[::]', 'localhost'].includes(host)) return { beside: `localhost:${port}`, ...local };
  // Any loopback address may be configured, so it is kept; a container can only use its name for the host machine.
  if (host === '[::1]' || host.startsWith('127.')) return { beside: `${host}:${port}`, ...local };
  return { beside: `${host}:${port}`, inContainer: `${host}:${port}`, instance: null };
}

/** A label that replaces the target's address. */
function named(instance: string | null): string {
  return instance === null ? '' : `  labels:\n    instance: '${instance}'\n`;
}

/** A bare IPv6 address would start a list in YAML. */
function yamlText(target: string): string {
  return target.startsWith('[') ? `'${target}'` : target;
}

/**
 * Files below a folder, or the file itself, relative to the source. Walks folder by folder, since Node's recursive
 * option does not work everywhere inside a packaged app's archive.
 */
async function filesUnder(source: string, path: string): Promise<string[]> {
  if (!(await stat(join(source, path))).isDirectory()) return [path];
  const names = (await readdir(join(source, path))).sort();
  return (await Promise.all(names.map((name) => filesUnder(source, join(path, name))))).flat();
}
