import type { OperatorRun } from '../../shared/operators';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';

const NONE: readonly OperatorRun[] = [];

/** The operators that are running, whoever started them, each with a way to cancel it. */
export function OperatorRuns() {
  const runs = useAppState((state) => state.model.host?.operatorRuns) ?? NONE;
  return runs.filter(({ finishedAt }) => finishedAt === null).map((run) => <RunningOperator key={run.run} run={run} />);
}

function RunningOperator({ run }: { run: OperatorRun }) {
  const { actions } = useApp();
  const { label, addonName, progress, text, state } = run;
  const cancelling = state === 'cancelling';
  return (
    <span className="status-item status-run" title={`${label}, ${addonName}${text === '' ? '' : `: ${text}`}`}>
      {progress === null ? (
        <Icon name="clock" />
      ) : (
        <progress aria-label={t('Progress of {label}', { label })} max={1} value={progress}>
          {Math.floor(progress * 100)} %
        </progress>
      )}
      <span className="status-run-label">{label}</span>
      <span className="dim status-run-text">{cancelling ? t('Cancelling…') : text}</span>
      <Button
        kind="bare"
        icon="cross"
        changes
        disabled={cancelling}
        aria-label={t('Cancel {label}', { label })}
        onClick={() => void actions.cancelOperator(run.run)}
      />
    </span>
  );
}
