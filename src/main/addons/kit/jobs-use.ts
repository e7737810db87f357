import type { AddonManifest } from '../../../shared/addons';
import type { Finding } from './finding';
import type { UsedContext } from './used-context';

/** What the access `read` of the permission `jobs` allows; everything else of `ctx.jobs` needs `control`. */
export const READING: ReadonlySet<string> = new Set([
  'jobs.list',
  'jobs.get',
  'jobs.frames',
  'jobs.queue',
  'images.read',
]);

/** What an add-on's own modules do with jobs, against what its addon.json asks for. */
export interface JobsUse {
  /** @param path of the module within the add-on */
  add(path: string, used: UsedContext): void;
  findings(permissions: AddonManifest['permissions']): Finding[];
}

export function createJobsUse(): JobsUse {
  const uses: { readonly what: string; readonly place: string; readonly access: 'read' | 'control' }[] = [];
  let unknown = false;
  let mentioned = false;

  return {
    add(path, used) {
      for (const [name, place] of used.calls)
        uses.push({ what: `ctx.${name}`, place: `${path}:${place}`, access: READING.has(name) ? 'read' : 'control' });
      if (used.whole !== null) {
        uses.push({ what: 'ctx.jobs or ctx.images', place: `${path}:${used.whole}`, access: 'read' });
        unknown = true;
      }
      mentioned ||= used.mentioned;
    },
    findings({ jobs }) {
      if (!jobs)
        return uses.map(({ what, place, access }) => ({
          level: 'error',
          text: `${place} uses ${what}, but addon.json does not ask for the permission “jobs” with the access “${access}”: add it with the reason that people are shown.`,
        }));
      if (jobs.access === 'read')
        return uses
          .filter(({ access }) => access === 'control')
          .map(({ what, place }) => ({
            level: 'error',
            text: `${place} uses ${what}, but addon.json asks for the permission “jobs” with the access “read”: it needs “control”.`,
          }));
      const less =
        uses.length === 0
          ? 'nothing in it seems to use it'
          : uses.every(({ access }) => access === 'read')
            ? 'nothing in it seems to need more than “read”'
            : null;
      // A module may have the context under another name.
      if (less === null || unknown || (uses.length === 0 && mentioned)) return [];
      return [
        {
          level: 'warning',
          text: `addon.json asks for “jobs” with the access “${jobs.access}”, but ${less}: people trust an add-on that asks for less.`,
        },
      ];
    },
  };
}
