import { shortSentence } from '../../shared/farm';
import type { MachineInfo } from '../../shared/machines';
import { MANAGER, type MachineLimits, mayRender } from '../../shared/machine-limits';
import type { AvoidedMachines } from '../jobs/scheduling/machine-avoidance';
import type { Obstacle } from '../jobs/scheduling/obstacles';

/** Number of machines that are named. */
const MAX_NAMED = 3;

/** One that a job might be rendered on. */
interface Candidate {
  /** null for the manager's own. */
  readonly name: string | null;
  /** null for the manager's own, which takes frames. */
  readonly state: MachineInfo['state'] | null;
}

/**
 * Why no machine may take a job at present. It fails where each that has its tags is blocked or avoided for it, connected
 * or not. One that is the only one not blocked counts as not avoided.
 *
 * @param here tags of the manager's own machine; null where that renders nothing
 * @param tried number of machines that could take it now, but for the avoided ones
 */
export function obstacleOf(
  limits: MachineLimits,
  machines: readonly MachineInfo[],
  here: readonly string[] | null,
  avoided: AvoidedMachines,
  tried: number,
): Obstacle {
  const { tags, blockedMachines } = limits;
  const open = { ...limits, blockedMachines: [] };
  const own: readonly Candidate[] = here && mayRender(open, null, here) ? [{ name: null, state: null }] : [];
  const tagged = [...own, ...machines.filter((machine) => mayRender(open, machine.name, machine.tags))];
  if (tagged.length === 0) {
    if (tags.length === 0)
      return waits('a machine of the farm: none has joined, and this one is set to render nothing');
    return waits(
      `a machine with the ${tags.length === 1 ? 'tag' : 'tags'} ${tags.join(', ')}, which none has: set ${tags.length === 1 ? 'it' : 'them'} for one, or change what this job needs`,
    );
  }
  const allowed = tagged.filter(({ name }) => !blockedMachines.includes(name ?? MANAGER));
  const left = allowed.length === 1 ? allowed : allowed.filter(({ name }) => !avoided.has(name));
  // Those that take frames now and not its own lack something, while others have tried.
  if (left.length === 0 || (tried > 1 && left.every(takesFrames)))
    return { kind: 'fails', text: noneLeft(tagged, blockedMachines, avoided) };
  const names = left.flatMap(({ name, state }) => (state === null ? [] : `“${name}” (${state.replace('-', ' ')})`));
  return waits(`${listed(names, 'or') || 'this machine'} to take frames of such scenes`);
}

const waits = (text: string): Obstacle => ({ kind: 'waits', text });

const takesFrames = ({ state }: Candidate): boolean => state === null || state === 'idle' || state === 'rendering';

/** A sentence with each machine's reason and what to do. */
function noneLeft(
  candidates: readonly Candidate[],
  blockedMachines: readonly string[],
  avoided: AvoidedMachines,
): string {
  const called = (name: string | null): string => (name === null ? 'this machine' : `“${name}”`);
  const isBlocked = ({ name }: Candidate): boolean => blockedMachines.includes(name ?? MANAGER);
  const blocked = candidates.filter(isBlocked).map(({ name }) => called(name));
  const failed = candidates.flatMap((one) => {
    const reason = isBlocked(one) ? undefined : avoided.get(one.name);
    return reason === undefined ? [] : `${called(one.name)} (${shortSentence(reason).replace(/\.$/, '')})`;
  });
  const lacking = candidates.filter((one) => !isBlocked(one) && !avoided.has(one.name)).map(({ name }) => called(name));
  const why = [
    blocked.length > 0 && `${listed(blocked, 'and')} ${blocked.length === 1 ? 'is' : 'are'} blocked for it`,
    failed.length > 0 && `its frames failed on ${listed(failed, 'and')}`,
    lacking.length > 0 && `${listed(lacking, 'and')} cannot render it`,
  ].filter((one) => one !== false);
  const steps = [
    blocked.length > 0 && 'change its list of blocked machines',
    failed.length > 0 && 'mend what failed there, which the logs of its frames tell',
  ].filter((one) => one !== false);
  return `No machine is left to render it, since ${why.join(', and ')}: ${steps.join(', or ')}, and render it again.`;
}

function listed(names: readonly string[], word: 'and' | 'or'): string {
  const shown = names.slice(0, MAX_NAMED);
  if (names.length > MAX_NAMED) shown.push(`${names.length - MAX_NAMED} more`);
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} ${word} ${shown.at(-1)}` : (shown[0] ?? '');
}
