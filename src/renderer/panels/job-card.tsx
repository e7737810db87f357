import { memo } from 'react';
import type { Job, JobState } from '../../shared/jobs';
import { allSkipped } from '../actions';
import { useApp } from '../app-store';
import { Button } from '../controls/button';
import { Icon, type IconName } from '../controls/icon';
import { formatCount, formatDuration, formatRate, JOB_STATE_WORDS, jobProgress } from '../model/format';
import { isFinished } from '../model/host-model';
import './job-card.css';

const STATE_ICONS: Record<JobState, IconName> = { queued: 'clock', rendering: 'play', paused: 'pause', completed: 'check', failed: 'error', cancelled: 'stop' };

/** One job of the queue: its state, how far it is, and what can be done with it. */
export const JobCard = memo(function JobCard({ job, shown }: { job: Job; shown: boolean }) {
  const { actions } = useApp();
  const { settings } = job;
  const finished = isFinished(job);
  const nothingDone = job.state === 'completed' && job.frames.total > 0 && job.frames.skipped === job.frames.total;
  const label = `${job.name}, job ${job.id}`;
  return (
    <li className={`job job-${job.state} ${shown ? 'job-shown' : ''}`}>
      <div className="job-head">
        <button type="button" className="job-select" aria-current={shown} onClick={() => actions.selectJob(job.id)} title={settings.scene} aria-label={`${label}, ${JOB_STATE_WORDS[job.state]}`}>
          <span className="job-name">{job.name}</span>
          <span className="job-id">#{job.id}</span>
        </button>
        {finished ? (
          <Button kind="bare" icon="cross" className="job-tool" aria-label={`Remove ${label}`} title="Remove from the queue; images stay" onClick={() => void actions.remove(job)} />
        ) : (
          <Button kind="bare" icon="stop" className="job-tool" aria-label={`Cancel ${label}`} title="Cancel (Esc)" onClick={() => void actions.cancel(job)} />
        )}
      </div>
      <p className="job-settings">
        {settings.frames.replaceAll(',', ', ')} · {settings.width} × {settings.height} · {settings.samples === 1 ? '1 sample' : `${formatCount(settings.samples)} samples`}
      </p>
      <JobBar job={job} label={label} />
      <div className="job-line">
        <span className="job-state">
          <Icon name={STATE_ICONS[job.state]} />
          {JOB_STATE_WORDS[job.state]}
        </span>
        <span>
          {formatCount(job.frames.done + job.frames.skipped)} / {formatCount(job.frames.total)}
        </span>
      </div>
      <div className="job-line dim">
        <JobPace job={job} />
      </div>
      {(job.frames.failed > 0 || job.frames.skipped > 0) && (
        <p className="job-counts">
          {job.frames.failed > 0 && <span className="job-failed-count">{formatCount(job.frames.failed)} failed</span>}
          {job.frames.skipped > 0 && <span>{formatCount(job.frames.skipped)} skipped</span>}
        </p>
      )}
      {job.reason !== null && <p className="job-reason selectable">{job.reason}</p>}
      {nothingDone && (
        <div className="job-note">
          <p>{allSkipped(job)}</p>
          <Button onClick={() => void actions.renderAgain(job)}>Render Again with Overwrite</Button>
        </div>
      )}
    </li>
  );
});

function JobBar({ job, label }: { job: Job; label: string }) {
  const percent = (count: number): string => `${job.frames.total === 0 ? 0 : (count / job.frames.total) * 100}%`;
  return (
    <div className="job-bar" role="progressbar" aria-label={`Progress of ${label}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor(jobProgress(job) * 100)}>
      <span className="job-bar-done" style={{ width: percent(job.frames.done) }} />
      <span className="job-bar-skipped" style={{ width: percent(job.frames.skipped) }} />
      <span className="job-bar-failed" style={{ width: percent(job.frames.failed) }} />
    </div>
  );
}

/** Pace and what is left while it goes; how long it took when it is over. */
function JobPace({ job }: { job: Job }) {
  if (isFinished(job)) {
    const took = job.startedAt !== null && job.finishedAt !== null ? formatDuration((job.finishedAt - job.startedAt) / 1_000) : null;
    return (
      <>
        <span>{job.framesPerMinute === null ? '' : `${formatRate(job.framesPerMinute)} frames/min`}</span>
        <span>{took === null ? 'Never started' : `Took ${took}`}</span>
      </>
    );
  }
  if (job.state === 'queued') return <span>Waits for a worker</span>;
  return (
    <>
      <span>{job.framesPerMinute === null ? '– frames/min' : `${formatRate(job.framesPerMinute)} frames/min`}</span>
      <span>{job.secondsLeft === null ? '– left' : `${formatDuration(job.secondsLeft)} left`}</span>
    </>
  );
}
