import type { AddonManifest, PermissionRequest } from '../../shared/addons';

type Permissions = AddonManifest['permissions'];

/**
 * What a version of an add-on asks for that another does not: a person has to agree before it replaces that one. Another
 * reason for the same permission asks for nothing new.
 */
export function widened(
  before: Pick<AddonManifest, 'permissions'>,
  after: Pick<AddonManifest, 'permissions'>,
): PermissionRequest[] {
  const had = requestsOf(before.permissions).map(({ permission }) => permission);
  return requestsOf(after.permissions).filter(({ permission }) => !had.some((allowed) => covers(allowed, permission)));
}

/** Whoever may change something may look at it, and part of a permission is in the whole. */
function covers(allowed: string, asked: string): boolean {
  return (
    allowed === asked ||
    allowed.startsWith(`${asked}.`) ||
    (allowed === 'jobs.control' && asked === 'jobs.read') ||
    (allowed.startsWith('files.write.') && allowed.replace('.write.', '.read.') === asked)
  );
}

/**
 * Everything that an add-on asks for, each part by itself, so that to agree to one is not to agree to another: `network`,
 * `jobs.control`, `files.read.output`.
 */
export function requestsOf(permissions: Permissions): PermissionRequest[] {
  return Object.entries(permissions).flatMap(([name, asked]) => {
    if (asked === undefined) return [];
    if (typeof asked === 'string') return [{ permission: name, reason: asked }];
    const { reason, ...extent } = asked;
    const parts = Object.entries(extent).flatMap(([kind, value]: [string, string | readonly string[]]) =>
      typeof value === 'string' ? [value] : value.map((place) => `${kind}.${place}`),
    );
    // Files in no folder are asked for by manifests that have only a reason, and get nothing.
    return parts.length === 0
      ? [{ permission: name, reason }]
      : parts.map((part) => ({ permission: `${name}.${part}`, reason }));
  });
}
