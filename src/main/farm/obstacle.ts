import type { MachineInfo } from '../../shared/machines';
import { type MachineLimits, mayRender } from '../../shared/machine-limits';

/** Number of machines that are named. */
const MAX_NAMED = 3;

/**
 * What a job waits for that no machine may take at present, to follow “waits for”.
 *
 * @param here tags of the manager's own machine; null where that renders nothing
 */
export function obstacleOf(
  limits: MachineLimits,
  machines: readonly MachineInfo[],
  here: readonly string[] | null,
): string {
  const { tags, blockedMachines } = limits;
  const open = { ...limits, blockedMachines: [] };
  const tagged = machines.filter((machine) => mayRender(open, machine.name, machine.tags));
  if (tagged.length === 0 && !(here && mayRender(open, null, here))) {
    if (tags.length === 0) return 'a machine of the farm: none has joined, and this one is set to render nothing';
    return `a machine with the ${tags.length === 1 ? 'tag' : 'tags'} ${tags.join(', ')}, which none has: set ${tags.length === 1 ? 'it' : 'them'} for one, or change what this job needs`;
  }
  const allowed = tagged.filter(({ name }) => !blockedMachines.includes(name));
  if (allowed.length === 0 && !(here && mayRender(limits, null, here)))
    return 'a machine that is not blocked for it: every one that could render it is, so change its list of blocked machines';
  const named = allowed.slice(0, MAX_NAMED).map(({ name, state }) => `“${name}” (${stateWords(state)})`);
  const more = allowed.length - named.length;
  if (more > 0) named.push(`${more} more`);
  const others = named.length > 1 ? `${named.slice(0, -1).join(', ')} or ${named.at(-1)}` : named[0];
  return `${others ?? 'this machine'} to take frames of such scenes`;
}

const stateWords = (state: MachineInfo['state']): string => state.replace('-', ' ');
