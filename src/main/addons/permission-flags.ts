import { join } from 'node:path';
import type { AddonPermissions } from '../../shared/addons';
import { isBelow } from '../data/path-below';

/** A place in the file system that an add-on may use. Absolute and without `*`, which Node reads as a wildcard. */
export interface Place {
  readonly path: string;
  /** Everything in it too. */
  readonly folder: boolean;
}

/** All places that an add-on's process may use. */
export interface Places {
  readonly read: readonly Place[];
  /** May be read too. */
  readonly write: readonly Place[];
}

/** Name of the flag that switches on the permission model. */
export type PermissionFlag = '--permission' | '--experimental-permission';

/** The running Node's flag; null where it has none. The packaged program and Node 20 have the experimental one. */
export function permissionFlag(
  allowed: ReadonlySet<string> = process.allowedNodeEnvironmentFlags,
): PermissionFlag | null {
  for (const flag of ['--permission', '--experimental-permission'] as const) if (allowed.has(flag)) return flag;
  return null;
}

const ALLOW_NETWORK = '--allow-net';

/** Whether Node's permission model keeps a process from the network unless it is allowed: from Node 25 on. */
export function closesNetwork(
  flag: PermissionFlag | null,
  allowed: ReadonlySet<string> = process.allowedNodeEnvironmentFlags,
): boolean {
  return flag !== null && allowed.has(ALLOW_NETWORK);
}

/**
 * Turns an add-on's permissions into flags of Node's permission model.
 *
 * With `processes`, other programs, worker threads and native modules are allowed, and Node restricts none of them
 * (https://nodejs.org/api/permissions.html#permission-model-constraints).
 */
export function permissionFlags(
  flag: PermissionFlag | null,
  permissions: AddonPermissions,
  { read, write }: Places,
  allowed: ReadonlySet<string> = process.allowedNodeEnvironmentFlags,
): string[] {
  if (flag === null) return [];
  return [
    flag,
    // That the model is experimental, and that allowing processes widens it, is nothing for an add-on's log.
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
    ...outermost([...read, ...write]).map((place) => `--allow-fs-read=${pattern(place)}`),
    ...outermost(write).map((place) => `--allow-fs-write=${pattern(place)}`),
    ...(permissions.processes === undefined ? [] : ['--allow-child-process', '--allow-worker', '--allow-addons']),
    ...(permissions.network !== undefined && closesNetwork(flag, allowed) ? [ALLOW_NETWORK] : []),
  ];
}

/**
 * Leaves out what lies in a folder that is named too. Node 20 aborts at the start when it is given a path twice, or with
 * and without the wildcard; and given a folder inside of another, it takes the outer one itself away: an ES module in it
 * is then no ES module, since the package.json beside it is not looked for.
 */
function outermost(places: readonly Place[]): Place[] {
  const unique = new Map<string, Place>();
  for (const place of places) if (place.folder || !unique.has(place.path)) unique.set(place.path, place);
  const all = [...unique.values()];
  return all.filter(
    ({ path }) => !all.some((outer) => outer.folder && outer.path !== path && isBelow(path, outer.path)),
  );
}

/** With a separator before the wildcard: `/a/b*` would include `/a/bc`. */
function pattern({ path, folder }: Place): string {
  return folder ? join(path, '*') : path;
}
