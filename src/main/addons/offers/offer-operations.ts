import type { PreferenceValues } from '../../../shared/addons';
import type { OperationHandlers } from '../../call-operation';
import type { AddonOffers } from './addon-offers';

type Names = 'operator.list' | 'operator.runs' | 'operator.run' | 'operator.cancel';

/**
 * Implements the operations on operators.
 *
 * @param grant lets an add-on read the images of jobs, which may start its process again unless it is at work
 */
export function createOfferOperations(
  { operators }: Pick<AddonOffers, 'operators'>,
  grant: (addonId: string, jobs: readonly number[]) => Promise<void>,
): Pick<OperationHandlers, Names> {
  /** An operator may be about a job that ended long ago. */
  async function grantJobs(id: string, values: PreferenceValues): Promise<void> {
    const operator = operators.list().find((candidate) => candidate.id === id);
    const jobs = (operator?.parameters ?? [])
      .filter(({ type, key }) => type === 'job' && values[key] !== undefined)
      .map(({ key }) => Number(values[key]));
    if (operator && jobs.length > 0) await grant(operator.addonId, jobs);
  }

  return {
    'operator.list': () => operators.list(),
    'operator.runs': () => operators.runs(),
    'operator.run': async ({ id, parameters, wait }) => {
      await grantJobs(id, parameters);
      const started = operators.run(id, parameters);
      return wait ? operators.ended(started.run) : started;
    },
    'operator.cancel': ({ run }) => operators.cancel(run),
  };
}
