import { memo } from 'react';
import type { Job, JobState } from '../../../shared/jobs';
import { t } from '../../../shared/texts/translate';
import { inWrittenOrder } from '../../../shared/texts/direction';
import { useApp, useAppState } from '../../app-context';
import { Button } from '../../controls/button';
import { CutText } from '../../controls/cut-text';
import { Icon, type IconName } from '../../controls/icon';
import {
  formatAbout,
  formatCount,
  formatDuration,
  formatRate,
  formatTimeLeft,
  jobProgress,
  signed,
} from '../../model/format';
import { useReadOnly } from '../../read-only';
import { useToday } from '../use-today';
import { isFinished } from '../../model/job-table';
import {
  againFrames,
  againWords,
  allSkipped,
  jobStateWords,
  reasonOf,
  skippedAll,
  whyWaiting,
} from '../../model/job-sentences';
import { FailureSummary } from './failure-summary';
import { JobMenuButton } from './job-menu-button';
import './job-card.css';

export const STATE_ICONS: Record<JobState, IconName> = {
  queued: 'clock',
  rendering: 'play',
  paused: 'pause',
  completed: 'check',
  failed: 'error',
  cancelled: 'stop',
};

/** Whether it has failed, or frames of it. */
function hasFailures(job: Job): boolean {
  return job.state === 'failed' || job.frames.failed > 0;
}

/** What the colours of a job go by. */
export function jobClass(job: Job): string {
  return `job-${job.state} ${job.state === 'completed' && job.frames.failed > 0 ? 'job-with-failures' : ''}`;
}

interface Props {
  id: number;
  /** Image and timeline show it. */
  shown: boolean;
  /** Everything about it is there to be read. */
  unfolded: boolean;
  /** The Tab key stops at this one of the list. */
  tabStop: boolean;
  onMenu: (id: number, x: number, y: number) => void;
  /** Folds it into a row; null where jobs are cards anyway. */
  onFold: ((id: number) => void) | null;
}

/** One job of the queue: its state, how far it is, and what can be done with it. */
export const JobCard = memo(function JobCard({ id, shown, unfolded, tabStop, onMenu, onFold }: Props) {
  const { actions } = useApp();
  const job = useAppState((state) => state.model.jobs.byId.get(id));
  const readOnly = useReadOnly();
  // The time that it starts at is told with its day.
  useToday();
  if (!job) return null;
  const ended = isFinished(job);
  const label = t('{name}, job {id}', { name: job.name, id: String(job.id) });
  const words = jobStateWords(job);
  const warned = job.warnings.length > 0 || job.suspicious > 0;
  return (
    <article
      className={`job ${jobClass(job)} ${shown ? 'job-shown' : ''} ${unfolded ? 'job-unfolded' : ''}`}
      aria-label={label}
    >
      <div className="job-head" draggable={!ended && readOnly === null}>
        {onFold && (
          <button
            type="button"
            className="row-fold"
            tabIndex={-1}
            aria-expanded={true}
            aria-label={t('Fold {label}', { label })}
            title={t('Fold (←)')}
            onClick={() => onFold(job.id)}
          >
            <Icon name="chevron" />
          </button>
        )}
        <Icon name={STATE_ICONS[job.state]} className="job-icon" />
        <button
          type="button"
          className="job-select"
          tabIndex={tabStop ? 0 : -1}
          aria-current={shown}
          title={inWrittenOrder(job.settings.scene)}
          aria-label={`${label}, ${words}`}
        >
          <span className="job-name">
            <CutText text={job.name} />
          </span>
        </button>
        <span className="job-id" aria-hidden="true">
          #{job.id}
        </span>
        {job.priority !== 0 && (
          <span className="job-priority" title={t('Priority')}>
            {signed(job.priority)}
          </span>
        )}
        {!unfolded && warned && <Icon name="warning" className="job-warned" />}
        {!unfolded && jobProgress(job) > 0 && job.state !== 'completed' && (
          <span className="job-share">{Math.floor(jobProgress(job) * 100)} %</span>
        )}
        <JobMenuButton id={job.id} label={label} tabStop={tabStop} className="job-tool" onMenu={onMenu} />
        {unfolded &&
          (ended ? (
            <Button
              changes
              kind="bare"
              icon="cross"
              className="job-tool"
              tabIndex={tabStop ? 0 : -1}
              aria-label={t('Delete {label}', { label })}
              title={t('Delete… (Del)')}
              onClick={() => actions.askToDelete(job)}
            />
          ) : (
            <Button
              changes
              kind="bare"
              icon="stop"
              className="job-tool"
              tabIndex={tabStop ? 0 : -1}
              aria-label={t('Cancel {label}', { label })}
              title={job.state === 'rendering' ? t('Cancel (Esc)') : t('Cancel')}
              onClick={() => void actions.cancel(job)}
            />
          ))}
      </div>
      {unfolded ? <JobDetails job={job} label={label} words={words} /> : <JobLine job={job} words={words} />}
    </article>
  );
});

/** A job in one line: its state, and the one thing that says most about it. */
function JobLine({ job, words }: { job: Job; words: string }) {
  const more = mostTelling(job);
  return (
    <>
      <p className="job-short" title={more === null ? words : `${words}: ${more}`}>
        <span className="job-state">{words}</span>
        {more !== null && <span className="job-more">{more}</span>}
      </p>
      {!isFinished(job) && jobProgress(job) > 0 && (
        <JobBar job={job} label={t('{name}, job {id}', { name: job.name, id: String(job.id) })} />
      )}
    </>
  );
}

/** What says most about a job beside its state; null where there is nothing. */
function mostTelling(job: Job): string | null {
  // That it was cancelled, its state says.
  if (isFinished(job)) return (job.state === 'cancelled' ? null : reasonOf(job)) ?? tookWords(job);
  if (job.state === 'paused') return reasonOf(job);
  const left = formatTimeLeft(job.secondsLeft, job.secondsLeftP90);
  if (job.state === 'rendering') return left && t('{left} left', { left });
  if (job.waitsFor !== null || job.startAt !== null) return whyWaiting(job);
  return job.secondsLeft === null ? null : formatAbout(job.secondsLeft);
}

function JobDetails({ job, label, words }: { job: Job; label: string; words: string }) {
  const { actions } = useApp();
  const { settings, frames } = job;
  const again = againWords(job);
  return (
    <>
      <p className="job-settings">
        {settings.preview
          ? t('Preview of frame {frames}', { frames: settings.frames.replaceAll(',', ', ') })
          : settings.frames.replaceAll(',', ', ')}{' '}
        · {settings.width} × {settings.height} ·{' '}
        {t('{count, plural, one {# sample} other {# samples}}', { count: settings.samples })}
      </p>
      {settings.sceneName !== null && <p className="job-settings">{t('Scene {name}', { name: settings.sceneName })}</p>}
      {settings.animations !== null && <p className="job-settings">{settings.animations.join(', ')}</p>}
      {settings.transparent === true && <p className="job-settings">{t('Transparent background')}</p>}
      <JobBar job={job} label={label} />
      <div className="job-line">
        <span className="job-state">{words}</span>
        <span>
          {formatCount(frames.done + frames.skipped)} / {formatCount(frames.total)}
        </span>
      </div>
      <JobPace job={job} />
      {(frames.failed > 0 || frames.skipped > 0 || job.suspicious > 0) && (
        <p className="job-counts">
          {frames.failed > 0 && (
            <span className="job-failed-count">{t('{failed} failed', { failed: formatCount(frames.failed) })}</span>
          )}
          {frames.skipped > 0 && <span>{t('{skipped} skipped', { skipped: formatCount(frames.skipped) })}</span>}
          {job.suspicious > 0 && (
            <span className="job-suspicious">
              {t('{count, plural, one {# looks wrong} other {# look wrong}}', { count: job.suspicious })}
            </span>
          )}
        </p>
      )}
      {job.note !== '' && <p className="job-written selectable">{inWrittenOrder(job.note)}</p>}
      {hasFailures(job) && <FailureSummary job={job} />}
      {job.reason !== null && !hasFailures(job) && <p className="job-reason selectable">{reasonOf(job)}</p>}
      {job.warnings.map((warning) => (
        <p className="job-warning selectable" key={warning}>
          {warning}
        </p>
      ))}
      {skippedAll(job) && (
        <div className="job-note">
          <p>{allSkipped(job)}</p>
          <Button changes onClick={() => void actions.renderOver(job)}>
            {t('Render Again with Overwrite')}
          </Button>
        </div>
      )}
      {!skippedAll(job) && isFinished(job) && again !== null && (
        <Button changes className="job-again" onClick={() => void actions.requeue(job, againFrames(job))}>
          {again}
        </Button>
      )}
    </>
  );
}

function JobBar({ job, label }: { job: Job; label: string }) {
  const percent = (count: number): string => `${job.frames.total === 0 ? 0 : (count / job.frames.total) * 100}%`;
  return (
    <div
      className="job-bar"
      role="progressbar"
      aria-label={t('Progress of {label}', { label })}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(jobProgress(job) * 100)}
    >
      <span className="job-bar-done" style={{ width: percent(job.frames.done) }} />
      <span className="job-bar-skipped" style={{ width: percent(job.frames.skipped) }} />
      <span className="job-bar-failed" style={{ width: percent(job.frames.failed) }} />
    </div>
  );
}

/** Pace and what is left while it goes; how long it took when it is over. */
function JobPace({ job }: { job: Job }) {
  const pace = job.framesPerMinute === null ? null : t('{rate} frames/min', { rate: formatRate(job.framesPerMinute) });
  if (isFinished(job)) {
    return (
      <div className="job-line dim">
        <span>{pace}</span>
        <span>{tookWords(job) ?? t('Never started')}</span>
      </div>
    );
  }
  const left = formatTimeLeft(job.secondsLeft, job.secondsLeftP90);
  const rendering = job.state === 'rendering';
  if (job.state === 'queued') {
    return (
      <div className="job-line dim">
        <span className="job-waits">{whyWaiting(job)}</span>
        {left && <span title={t('Estimated render time, once it starts')}>{left}</span>}
      </div>
    );
  }
  // Nothing is measured while it stands still.
  if (!rendering && pace === null && left === null) return null;
  return (
    <div className="job-line dim">
      <span>{pace ?? (rendering ? t('– frames/min') : '')}</span>
      <span title={t('Estimated remaining time: the median, and in brackets the 90th percentile')}>
        {left !== null ? t('{left} left', { left }) : rendering ? t('– left') : ''}
      </span>
    </div>
  );
}

function tookWords(job: Job): string | null {
  return job.startedAt !== null && job.finishedAt !== null
    ? t('Took {time}', { time: formatDuration((job.finishedAt - job.startedAt) / 1_000) })
    : null;
}
