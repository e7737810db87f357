import type { OperationHandlers } from '../../call-operation';
import type { AddonOffers } from './addon-offers';

type Names = 'operator.list' | 'operator.runs' | 'operator.run' | 'operator.cancel';

/** Implements the operations on operators. */
export function createOfferOperations({ operators }: Pick<AddonOffers, 'operators'>): Pick<OperationHandlers, Names> {
  return {
    'operator.list': () => operators.list(),
    'operator.runs': () => operators.runs(),
    'operator.run': ({ id, parameters, wait }) => {
      const started = operators.run(id, parameters);
      return wait ? operators.ended(started.run) : started;
    },
    'operator.cancel': ({ run }) => operators.cancel(run),
  };
}
