import { messageOf } from '../../shared/user-error';
import type { EngineRegistry } from '../engines/engine-registry';
import type { MetricSource } from './collect';
import type { HostMetrics } from './host-metrics';
import type { MachineReading } from './machine-readings';
import type { Readings } from './readings';

/**
 * The host as a metric source. A collection is followed by reading the snapshot, so machine readings are refreshed with
 * it.
 *
 * @param warn called when the engines could not be listed
 */
export function hostSource(
  metrics: Pick<HostMetrics, 'families'>,
  engines: Pick<EngineRegistry, 'list'>,
  machine: Pick<Readings<MachineReading>, 'refresh'>,
  warn: (text: string) => void,
): MetricSource {
  let listed: Promise<unknown> | null = null;
  return {
    name: 'the host',
    async families() {
      // Counters of every engine must exist before its first use; without anyone collecting metrics, no engine is
      // started just to list it.
      listed ??= engines.list(false).catch((error: unknown) => warn(`Looking for engines failed: ${messageOf(error)}`));
      await machine.refresh();
      return metrics.families();
    },
  };
}
