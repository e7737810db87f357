import type { AddonStatus } from '../api/context';
import { clock } from './fill-template';
import { SERVICE_LABELS, SERVICE_NAMES, type ServiceName } from './services/service';
import type { Services } from './services/services';

/** What is known of a service since the add-on was enabled. */
export interface ServiceRecord {
  sent: number;
  failed: number;
  /** Times in milliseconds since 1970. */
  lastSuccess: { readonly time: number; readonly title: string } | null;
  lastFailure: { readonly time: number; readonly reason: string; readonly given: boolean } | null;
}

/** The add-on's lines in Preferences. */
export function statusOf(
  { ready, problems }: Services,
  record: (name: ServiceName) => ServiceRecord,
  waiting: (name: ServiceName) => number,
): AddonStatus {
  const names = SERVICE_NAMES.filter((name) => ready.has(name) || problems.has(name));
  if (names.length === 0)
    return {
      level: 'warning',
      text: 'Nobody is told yet: name a service.',
      details: [],
    };
  const broken = [...ready.keys()].filter((name) => isFailing(record(name)));
  const list = (some: readonly ServiceName[]): string => some.map((name) => SERVICE_LABELS[name]).join(', ');
  const troubles = [
    ...problems.values(),
    ...broken.map((name) => `${SERVICE_LABELS[name]}: ${record(name).lastFailure!.reason}`),
  ];
  return {
    level: troubles.length === 0 ? 'ok' : ready.size === 0 ? 'error' : 'warning',
    text: troubles.length === 0 ? `Tells ${list([...ready.keys()])}.` : troubles.join(' '),
    details: names.map((name) => ({
      label: SERVICE_LABELS[name],
      value: problems.get(name) ?? describe(record(name), waiting(name)),
    })),
  };
}

/** Whether the last that happened was a failure. */
function isFailing({ lastSuccess, lastFailure }: ServiceRecord): boolean {
  return lastFailure !== null && lastFailure.time >= (lastSuccess?.time ?? 0);
}

function describe({ sent, failed, lastSuccess, lastFailure }: ServiceRecord, waiting: number): string {
  return [
    lastSuccess ? `${sent} sent, the last one ${clock(lastSuccess.time)} (${lastSuccess.title}).` : 'None sent yet.',
    ...(waiting > 0 ? [`${waiting} waiting.`] : []),
    ...(failed > 0 ? [`${failed} given up.`] : []),
    ...(lastFailure
      ? [
          `Last failure ${clock(lastFailure.time)}: ${lastFailure.reason}${lastFailure.given ? '' : ' It is tried again.'}`,
        ]
      : []),
  ].join(' ');
}
