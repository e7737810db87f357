import type { PreferenceValues } from '../../shared/addons';
import type { HostEvent, HostState, Right } from '../../shared/host-api';
import { hostPreferenceSections } from '../../shared/host-preferences';

const HIDDEN = '••••••';

const controlOnly: readonly string[] = hostPreferenceSections.flatMap(({ id, preferences }) =>
  preferences.filter((preference) => preference.controlOnly === true).map(({ key }) => `${id}.${key}`),
);

/**
 * An operation's result as shown to a client with this right: command lines may contain passwords, which a read token
 * must not reveal.
 */
export function answerFor(right: Right, operation: string, value: unknown): unknown {
  if (right === 'control' || operation !== 'host.state') return value;
  const state = value as HostState;
  return { ...state, preferences: hideIn(state.preferences) } satisfies HostState;
}

/** An event as shown to a client with this right. */
export function eventFor(right: Right, event: HostEvent): HostEvent {
  return right === 'control' || event.type !== 'preferences'
    ? event
    : { ...event, preferences: hideIn(event.preferences) };
}

/** Masks values like add-ons' secrets: only whether one is set is shown. */
function hideIn(preferences: PreferenceValues): PreferenceValues {
  return Object.fromEntries(
    Object.entries(preferences).map(([key, value]) => [
      key,
      controlOnly.includes(key) && value !== '' ? HIDDEN : value,
    ]),
  );
}
