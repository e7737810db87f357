/** After failures of this many different frames in a row a machine is avoided for their job. */
const FRAMES_IN_A_ROW = 2;
/** How long a machine is avoided at first, in milliseconds; it doubles each time. */
const FIRST_TIME = 600_000;
const MAX_TIME = 7_200_000;

/** What is known of a machine. */
interface Record {
  /** Different frames that failed there since the last success. */
  readonly failed: Set<number>;
  /** How often it was avoided since the last success. */
  times: number;
  /** When it is forgiven, in the caller's milliseconds; 0 when it is not avoided. */
  until: number;
  /** What failed there last, as a sentence. */
  reason: string;
}

/**
 * The machines that are avoided for one job, because different frames failed there in a row, or they refused it: they
 * lack something that the job needs. Each is forgiven later, as what it lacked may be there by then. null stands for this machine.
 */
export interface MachineAvoidance {
  /** A frame failed, and a retry may succeed. @param now milliseconds from any fixed point @param reason as a sentence */
  failed(machine: string | null, frame: number, now: number, reason: string): void;
  /** It takes every frame for hopeless: it is avoided at once. @param now and reason as for a frame that failed */
  refused(machine: string | null, now: number, reason: string): void;
  /** A frame was rendered, which clears the machine. */
  succeeded(machine: string | null): void;
  isAvoided(machine: string | null, now: number): boolean;
  /** The machines that are avoided, with what failed there last. */
  avoided(now: number): AvoidedMachines;
}

/** Reasons, as sentences, by machine; null stands for this one. */
export type AvoidedMachines = ReadonlyMap<string | null, string>;

export function createMachineAvoidance(): MachineAvoidance {
  const records = new Map<string | null, Record>();
  const recordOf = (machine: string | null): Record => {
    const record = records.get(machine) ?? { failed: new Set(), times: 0, until: 0, reason: '' };
    records.set(machine, record);
    return record;
  };
  const avoid = (record: Record, now: number): void => {
    record.until = now + Math.min(FIRST_TIME * 2 ** record.times, MAX_TIME);
    record.times++;
    record.failed.clear();
  };
  return {
    failed(machine, frame, now, reason) {
      const record = recordOf(machine);
      record.failed.add(frame);
      record.reason = reason;
      if (record.failed.size >= FRAMES_IN_A_ROW) avoid(record, now);
    },
    refused(machine, now, reason) {
      const record = recordOf(machine);
      record.reason = reason;
      avoid(record, now);
    },
    succeeded: (machine) => void records.delete(machine),
    isAvoided: (machine, now) => (records.get(machine)?.until ?? 0) > now,
    avoided: (now) =>
      new Map([...records].filter(([, { until }]) => until > now).map(([machine, { reason }]) => [machine, reason])),
  };
}
