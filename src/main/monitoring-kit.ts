import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { UserError, messageOf } from '../shared/user-error';

/** What of monitoring/ a person needs; the rest is what the kit is made from. */
const PARTS: readonly string[] = ['README.md', 'prometheus.yml', 'compose.yml', 'rules', 'targets', 'tests', 'grafana'];
/** Where the kit's own files say that the metrics are: Prometheus beside Framegauge, and Prometheus in a container. */
const BESIDE = 'localhost:8000';
const IN_CONTAINER = 'host.docker.internal:8000';

/**
 * Copies the monitoring kit into a folder, with the scrape target filled in. Files that are there already are replaced, for they are the kit's; others are left alone.
 *
 * @param source monitoring/, as the program brings it
 * @param folder absolute; made where missing
 * @param address the add-on's Address:port as it was written; null for the usual one
 * @returns paths of what was written, relative to the folder, in order
 * @throws UserError when the folder cannot be written to
 */
export async function writeMonitoringKit(source: string, folder: string, address: string | null): Promise<string[]> {
  if (!isAbsolute(folder)) throw new UserError(`The monitoring kit cannot be saved in “${folder}”: name a folder with its whole path.`, 'arguments');
  const files = (await Promise.all(PARTS.map((part) => filesUnder(source, part)))).flat();
  const { beside, inContainer } = targets(address);
  try {
    for (const file of files) {
      const content = await readFile(join(source, file), 'utf8');
      const filled = file.startsWith(`targets${sep}`) ? content.replace(IN_CONTAINER, inContainer).replace(BESIDE, beside) : content;
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), filled);
    }
  } catch (error) {
    throw new UserError(`The monitoring kit cannot be saved in ${folder} (${messageOf(error)}): choose another folder.`);
  }
  return files;
}

/** How the metrics are reached from a Prometheus on this machine, and from one in a container on it. */
function targets(address: string | null): { beside: string; inContainer: string } {
  const match = /^(.*):(\d+)$/.exec(address?.trim() ?? '');
  const [, written, port] = match ?? [null, '', '0'];
  // Nothing that could be scraped: an address that was mistyped, or a port that the system chooses.
  if (Number(port) === 0) return { beside: BESIDE, inContainer: IN_CONTAINER };
  const bare = written!.replace(/^\[(.*)\]$/, '$1');
  const host = bare.includes(':') ? `[${bare}]` : bare;
  const inContainer = `host.docker.internal:${port}`;
  if (['', '0.0.0.0', '[::]', 'localhost'].includes(host)) return { beside: `localhost:${port}`, inContainer };
  // There are many loopback addresses, so this one is kept; a container can only come by the machine's name for itself.
  if (host === '[::1]' || host.startsWith('127.')) return { beside: `${host}:${port}`, inContainer };
  return { beside: `${host}:${port}`, inContainer: `${host}:${port}` };
}

/** Files of a folder and those in it, or the file itself, relative to the source. Folder by folder: inside of the packaged app's archive Node's own recursion does not work everywhere. */
async function filesUnder(source: string, path: string): Promise<string[]> {
  if (!(await stat(join(source, path))).isDirectory()) return [path];
  const names = (await readdir(join(source, path))).sort();
  return (await Promise.all(names.map((name) => filesUnder(source, join(path, name))))).flat();
}
