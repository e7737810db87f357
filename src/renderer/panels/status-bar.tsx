import type { WorkerInfo } from '../../shared/workers';
import { msg, t } from '../../shared/texts/translate';
import { inWrittenOrder } from '../../shared/texts/direction';
import { useApp, useAppState } from '../app-context';
import { shownJob } from '../app-store';
import { Icon } from '../controls/icon';
import { formatRate, formatTimeLeft, jobProgress } from '../model/format';
import { renderingJob } from '../model/job-table';
import { useReadOnly } from '../read-only';
import { SafeLink } from '../controls/safe-link';
import { metricsStatus } from '../model/metrics-status';
import { AddonStatusItems } from './addon-panels';
import { OperatorRuns } from './operator-runs';
import { ConnectionLight } from './connection-light';
import { KeyHints } from './key-hints';
import './status-bar.css';

/** Workers, pace, where the metrics are, and whether the host is there. */
export function StatusBar() {
  return (
    <footer className="status-bar" aria-label={t('Status')}>
      <Workers />
      <Pace />
      <OperatorRuns />
      <AddonStatusItems />
      <KeyHints />
      <MetricsAddress />
      <ViewOnly />
      <ConnectionLight />
    </footer>
  );
}

/** Why most of the window is disabled. */
function ViewOnly() {
  const why = useReadOnly();
  if (why === null) return null;
  return (
    <span className="status-item status-read-only" role="note" title={why}>
      <Icon name="info" />
      {t('View only')}
    </span>
  );
}

const WORKER_STATES: Record<WorkerInfo['state'], string> = {
  starting: msg('starting'),
  idle: msg('idle'),
  rendering: msg('rendering'),
  resting: msg('backing off'),
  stopping: msg('stopping'),
};

function Workers() {
  const workers = useAppState((state) => state.model.host?.workers);
  if (!workers) return null;
  const rendering = workers.filter((worker) => worker.state === 'rendering').length;
  const starting = workers.filter((worker) => worker.state === 'starting').length;
  const backingOff = workers.filter((worker) => worker.state === 'resting').length;
  const parts = [
    rendering > 0
      ? t('{rendering} rendering', { rendering })
      : workers.length > 0 && starting + backingOff === 0
        ? t('idle')
        : '',
    starting > 0 ? t('{starting} starting', { starting }) : '',
    backingOff > 0 ? t('{backingOff} backing off', { backingOff }) : '',
  ].filter((part) => part !== '');
  const title = workers
    .map(
      (worker) =>
        `${t('Worker {slot} ({engine}): {state}, {done} done', {
          slot: String(worker.slot),
          engine: worker.engine,
          state:
            worker.frame === null
              ? t(WORKER_STATES[worker.state])
              : t('frame {number}', { number: String(worker.frame) }),
          done: worker.framesDone,
        })}${worker.reason === undefined ? '' : `: ${worker.reason}`}`,
    )
    .join('\n');
  return (
    <span className="status-item" title={title}>
      <span className="worker-dots" aria-hidden="true">
        {workers.slice(0, 16).map((worker) => (
          <span key={worker.slot} className={`worker-dot worker-${worker.state}`} />
        ))}
      </span>
      {workers.length === 0
        ? t('No workers running')
        : [t('{count, plural, one {# worker} other {# workers}}', { count: workers.length }), ...parts].join(', ')}
    </span>
  );
}

function Pace() {
  const { actions } = useApp();
  const job = useAppState((state) => renderingJob(state.model.jobs));
  const waiting = useAppState((state) => shownJob(state)?.state === 'queued');
  const paused = useAppState((state) => state.model.host?.queue.state === 'paused');
  if (!job && paused) return <span className="status-item dim">{t('Queue paused')}</span>;
  if (!job) return waiting ? <span className="status-item dim">{t('Waiting to start')}</span> : null;
  return (
    <span className="status-item">
      <Icon name="gauge" />
      <button
        type="button"
        className="status-button status-job"
        title={t('Show {name} (job {id}) in the queue', { name: job.name, id: String(job.id) })}
        onClick={() => actions.showInQueue(job.id)}
      >
        {inWrittenOrder(job.name)}
      </button>
      <span>{Math.floor(jobProgress(job) * 100)} %</span>
      {job.framesPerMinute === null
        ? t('Measuring pace')
        : t('{rate} frames/min', { rate: formatRate(job.framesPerMinute) })}
      {job.secondsLeft !== null && (
        <span className="dim">{t('{left} left', { left: formatTimeLeft(job.secondsLeft, job.secondsLeftP90)! })}</span>
      )}
    </span>
  );
}

function MetricsAddress() {
  const { actions } = useApp();
  const addons = useAppState((state) => state.model.host?.addons);
  const metrics = metricsStatus(addons ?? []);
  if (!metrics) return null;
  if (metrics.kind === 'address') {
    return (
      <span className={`status-item ${metrics.level === 'ok' ? '' : `status-${metrics.level}`}`} title={metrics.text}>
        {metrics.level !== 'ok' && <Icon name="warning" />}
        <span className="dim">{t('Metrics')}</span> <SafeLink href={metrics.href}>{metrics.address}</SafeLink>
      </span>
    );
  }
  return (
    <button
      type="button"
      className={`status-item status-button ${metrics.level === 'error' ? 'status-error' : 'dim'}`}
      title={metrics.text}
      onClick={() => actions.showDialog('preferences')}
    >
      {metrics.level === 'error' && <Icon name="error" />}
      {metrics.label}
    </button>
  );
}
