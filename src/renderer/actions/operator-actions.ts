import type { PreferenceValues } from '../../shared/addons';
import type { Operator, OperatorRun } from '../../shared/operators';
import { t } from '../../shared/texts/translate';
import { shownFrame, shownJob } from '../app-store';
import { operatorDefaults } from '../model/operator-form';
import type { ActionContext } from './action-context';

/** What can be done with add-ons' operators. */
export function createOperatorActions({ store, set, call, tell, refused }: ActionContext) {
  /** Settles when a run has ended, or is no longer known. */
  function ended(run: number): Promise<OperatorRun | undefined> {
    return new Promise((resolve) => {
      let seen = false;
      const look = (): boolean => {
        const found = store.getState().model.host?.operatorRuns.find((one) => one.run === run);
        seen ||= found !== undefined;
        // Its start may be told after the answer that names it.
        if (found ? found.finishedAt === null : !seen) return false;
        resolve(found);
        return true;
      };
      if (look()) return;
      const stop = store.subscribe(() => {
        if (look()) stop();
      });
    });
  }

  /** Says how a run has ended, which this window started. */
  async function tellEnd({ run, label }: OperatorRun): Promise<void> {
    const end = await ended(run);
    if (end?.state === 'done')
      tell('success', [end.result?.text ?? t('{label}: done.', { label }), end.result?.undo].filter(Boolean).join(' '));
    else if (end?.state === 'failed') tell('error', `${label}: ${end.error ?? t('It failed.')}`);
    else if (end?.state === 'cancelled')
      tell('info', [t('{label} was cancelled.', { label }), end.error].filter(Boolean).join(' '));
  }

  /** A run that was started by this window's form. */
  const operatorStarted = (run: OperatorRun): void => void tellEnd(run);

  async function runOperator(operator: Operator, parameters: PreferenceValues): Promise<void> {
    const run = await call('operator.run', { id: operator.id, parameters });
    if (run) operatorStarted(run);
  }

  return {
    operatorStarted,
    /**
     * Runs an operator, after asking for its parameters or with its question where it has them.
     *
     * @param given parameters that are known
     * @param isComplete whether they are all that is to be known
     */
    openOperator(operator: Operator, given: PreferenceValues = {}, isComplete = false): void {
      if (refused()) return;
      const state = store.getState();
      const job = shownJob(state);
      const frame = shownFrame(state);
      const parameters = {
        ...operatorDefaults(operator, { job: job?.id ?? null, frame }),
        ...given,
      };
      const open = operator.parameters.filter(({ key }) => !Object.hasOwn(given, key));
      if ((open.length > 0 && !isComplete) || operator.confirm !== undefined)
        set({ dialog: 'operator', operator: { operator, parameters } });
      else void runOperator(operator, parameters);
    },
    async cancelOperator(run: number): Promise<void> {
      await call('operator.cancel', { run });
    },
  };
}
