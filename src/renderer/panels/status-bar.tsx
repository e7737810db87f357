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
import './status-bar.css';

/** Workers, pace, where the metrics are, and whether the host is there. */
export function StatusBar() {
  return (
    <footer className="status-bar" aria-label="Status">
      <Workers />
      <Pace />
      <OperatorRuns />
      <AddonStatusItems />
      <span className="status-space" />
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
      View only
    </span>
  );
}

function Workers() {
  const workers = useAppState((state) => state.model.host?.workers);
  if (!workers) return null;
  const rendering = workers.filter((worker) => worker.state === 'rendering').length;
  const starting = workers.filter((worker) => worker.state === 'starting').length;
  const backingOff = workers.filter((worker) => worker.state === 'resting').length;
  const parts = [
    rendering > 0 ? `${rendering} rendering` : workers.length > 0 && starting + backingOff === 0 ? 'idle' : '',
    starting > 0 ? `${starting} starting` : '',
    backingOff > 0 ? `${backingOff} backing off` : '',
  ].filter((part) => part !== '');
  const title = workers
    .map(
      (worker) =>
        `Worker ${worker.slot} (${worker.engine}): ${worker.state}${worker.frame === null ? '' : ` frame ${worker.frame}`}, ${worker.framesDone} done${worker.reason === undefined ? '' : `: ${worker.reason}`}`,
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
        ? 'No workers running'
        : `${workers.length} ${workers.length === 1 ? 'worker' : 'workers'}${parts.length > 0 ? `, ${parts.join(', ')}` : ''}`}
    </span>
  );
}

function Pace() {
  const { actions } = useApp();
  const job = useAppState((state) => renderingJob(state.model.jobs));
  const waiting = useAppState((state) => shownJob(state)?.state === 'queued');
  const paused = useAppState((state) => state.model.host?.queue.state === 'paused');
  if (!job && paused) return <span className="status-item dim">Queue paused</span>;
  if (!job) return waiting ? <span className="status-item dim">Waiting to start</span> : null;
  return (
    <span className="status-item">
      <Icon name="gauge" />
      <button
        type="button"
        className="status-button status-job"
        title={`Show ${job.name} (job ${job.id}) in the queue`}
        onClick={() => actions.revealJob(job.id)}
      >
        {job.name}
      </button>
      <span>{Math.floor(jobProgress(job) * 100)} %</span>
      {job.framesPerMinute === null ? 'Measuring pace' : `${formatRate(job.framesPerMinute)} frames/min`}
      {job.secondsLeft !== null && (
        <span className="dim">{formatTimeLeft(job.secondsLeft, job.secondsLeftP90)} left</span>
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
        <span className="dim">Metrics</span> <SafeLink href={metrics.href}>{metrics.address}</SafeLink>
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
