import { constants, accessSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../shared/user-error';

/** What a host keeps in its data folder, and how it uses what is there already. */
const FILES: Readonly<Record<string, number>> = {
  'control-token': constants.R_OK,
  'read-token': constants.R_OK,
  'preferences.json': constants.R_OK,
  // Renamed over.
  'host.json': constants.F_OK,
  'last-start.json': constants.R_OK | constants.W_OK,
  'last-fault.json': constants.R_OK | constants.W_OK,
  'addon-blocks.json': constants.R_OK,
  'logs/host.log': constants.W_OK,
};
const READ = constants.R_OK | constants.X_OK;
const KEPT = READ | constants.W_OK;
/** Add-ons may be on a disk that can only be read. */
const FOLDERS: Readonly<Record<string, number>> = {
  logs: KEPT,
  'logs/frames': KEPT,
  cache: KEPT,
  'cache/previews': KEPT,
  addons: READ,
  'addon-storage': KEPT,
  previews: KEPT,
  scenes: READ,
  farm: KEPT,
};
/** A database that is no file is set aside by whoever opens it; what SQLite keeps beside it must be files, or not there. */
const DATABASES = ['queue.sqlite', 'events.sqlite', 'farm/machines.sqlite'];
const BESIDE = ['-wal', '-shm', '-journal'];

/**
 * Checks that nothing else is in the place of a host's files: a folder, a pipe that would hold the program for ever, a
 * link that leads nowhere, or what another user owns. Before anything is opened.
 *
 * @throws UserError that names the first one, and what to do
 */
export function checkDataFiles(dataFolder: string): void {
  const look = (name: string, fits: (path: string) => string | null): void => {
    const path = join(dataFolder, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    const wrong =
      found &&
      (found.isSymbolicLink() && !exists(path)
        ? 'is a link that leads nowhere: mount what it leads to, or delete it'
        : fits(path));
    if (wrong) throw new UserError(`${path} ${wrong}. Framegauge keeps data of its own there.`);
  };
  for (const [name, use] of Object.entries(FOLDERS))
    look(name, (path) => (statSync(path).isDirectory() ? denied(path, use) : 'is no folder: move it away'));
  for (const [name, use] of Object.entries(FILES))
    look(name, (path) => (statSync(path).isFile() ? denied(path, use) : 'is no file: move it away'));
  for (const name of DATABASES) {
    look(name, () => null);
    for (const suffix of BESIDE)
      look(name + suffix, (path) => (statSync(path).isFile() ? null : 'is no file: move it away'));
  }
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A circle of links.
    return false;
  }
}

function denied(path: string, use: number): string | null {
  try {
    accessSync(path, use);
    return null;
  } catch {
    return 'cannot be used by this user: give it to the user that Framegauge runs as';
  }
}
