import { memo, type ReactNode } from 'react';
import type { Job } from '../../../shared/jobs';
import { inWrittenOrder } from '../../../shared/texts/direction';
import { t } from '../../../shared/texts/translate';
import { useAppState } from '../../app-context';
import { CutText } from '../../controls/cut-text';
import { Icon } from '../../controls/icon';
import {
  formatAbout,
  formatCount,
  formatMoment,
  formatRate,
  formatTimeLeft,
  jobProgress,
  signed,
} from '../../model/format';
import { nameOf } from '../../model/host-path';
import { isFinished } from '../../model/job-table';
import { jobStateWords, reasonOf, whyWaiting } from '../../model/job-sentences';
import type { ColumnId } from '../../model/queue-columns';
import { useReadOnly } from '../../read-only';
import { jobClass, STATE_ICONS } from './job-card';
import { JobMenuButton } from './job-menu-button';
import { JobThumbnail } from './job-thumbnail';
import './job-row.css';

interface Props {
  id: number;
  columns: readonly ColumnId[];
  /** Image and timeline show it. */
  shown: boolean;
  tabStop: boolean;
  /** When the day began, in milliseconds since 1970. */
  today: number;
  onMenu: (id: number, x: number, y: number) => void;
  onFold: (id: number) => void;
}

/** One job of the queue in one line. */
export const JobRow = memo(function JobRow({ id, columns, shown, tabStop, today, onMenu, onFold }: Props) {
  const job = useAppState((state) => state.model.jobs.byId.get(id));
  const readOnly = useReadOnly();
  if (!job) return null;
  const words = jobStateWords(job);
  return (
    <div
      className={`job-line-row ${jobClass(job)} ${shown ? 'job-shown' : ''}`}
      role="none"
      draggable={!isFinished(job) && readOnly === null}
    >
      {columns.map((column) => (
        <div key={column} role="gridcell" className={`cell cell-${column}`}>
          {column === 'name' ? (
            <RowName
              job={job}
              words={words}
              shown={shown}
              tabStop={tabStop}
              numbered={!columns.includes('number')}
              onMenu={onMenu}
              onFold={onFold}
            />
          ) : (
            cellOf(column, job, words, today)
          )}
        </div>
      ))}
    </div>
  );
});

interface NameProps {
  job: Job;
  /** Its state. */
  words: string;
  shown: boolean;
  tabStop: boolean;
  /** Whether its number stands beside it. */
  numbered: boolean;
  onMenu: Props['onMenu'];
  onFold: Props['onFold'];
}

/** The cell that is always there: fold, state, name, and what opens the menu. */
function RowName({ job, words, shown, tabStop, numbered, onMenu, onFold }: NameProps) {
  const { id } = job;
  const label = t('{name}, job {id}', { name: job.name, id: String(id) });
  return (
    <>
      <button
        type="button"
        className="row-fold"
        tabIndex={-1}
        aria-expanded={false}
        aria-label={t('Unfold {label}', { label })}
        title={t('Unfold (→)')}
        onClick={() => onFold(id)}
      >
        <Icon name="chevron" />
      </button>
      <Icon name={STATE_ICONS[job.state]} className="job-icon" />
      <button
        type="button"
        className="job-select"
        tabIndex={tabStop ? 0 : -1}
        aria-current={shown}
        title={inWrittenOrder(titleOf(job, words))}
        aria-label={`${label}, ${words}`}
      >
        <span className="job-name">
          <CutText text={job.name} />
        </span>
      </button>
      {numbered && (
        <span className="job-id" aria-hidden="true">
          #{id}
        </span>
      )}
      {(job.warnings.length > 0 || job.suspicious > 0) && <Icon name="warning" className="job-warned" />}
      <JobMenuButton id={id} label={label} tabStop={tabStop} className="job-tool row-tool" onMenu={onMenu} />
    </>
  );
}

function cellOf(column: Exclude<ColumnId, 'name'>, job: Job, words: string, today: number): ReactNode {
  switch (column) {
    case 'thumbnail':
      // The row may go on to draw another job.
      return <JobThumbnail key={job.id} jobId={job.id} frame={job.lastFrame} edition={job.startedAt} />;
    case 'frames':
      return <RowFrames job={job} />;
    case 'percent':
      return job.state === 'queued' && jobProgress(job) === 0 ? '' : `${Math.floor(jobProgress(job) * 100)} %`;
    case 'timeLeft':
      return isFinished(job) || job.secondsLeft === null ? '' : formatAbout(job.secondsLeft);
    case 'priority':
      return job.priority === 0 ? <span className="row-faint">0</span> : signed(job.priority);
    case 'state':
      return <span className="job-state">{words}</span>;
    case 'number':
      return `#${job.id}`;
    case 'scene':
      return nameOf(job.settings.scene);
    case 'rate':
      return job.framesPerMinute === null ? '' : formatRate(job.framesPerMinute);
    case 'created':
      return momentOf(job.createdAt, today);
    case 'ended':
      return momentOf(job.finishedAt, today);
    case 'reason':
      return reasonOf(job) ?? '';
  }
}

/** What a row has no room for. */
function titleOf(job: Job, words: string): string {
  const more =
    job.reason !== null
      ? reasonOf(job)
      : job.state === 'queued'
        ? whyWaiting(job)
        : isFinished(job)
          ? null
          : formatTimeLeft(job.secondsLeft, job.secondsLeftP90);
  return [`${job.name}: ${words}`, more, job.settings.scene].filter((line) => line !== null).join('\n');
}

/** Frames that are there, of all, over a thin bar. */
function RowFrames({ job }: { job: Job }) {
  const { total, done, skipped, failed } = job.frames;
  const share = (count: number): string => `${total === 0 ? 0 : (count / total) * 100}%`;
  return (
    <>
      <span>
        {formatCount(done + skipped)} / {formatCount(total)}
      </span>
      {done + skipped + failed > 0 && (
        // Of the next job that is drawn here it would glide to its length.
        <span key={job.id} className="job-bar row-bar" aria-hidden="true">
          {done > 0 && <span className="job-bar-done" style={{ width: share(done) }} />}
          {skipped > 0 && <span className="job-bar-skipped" style={{ width: share(skipped) }} />}
          {failed > 0 && <span className="job-bar-failed" style={{ width: share(failed) }} />}
        </span>
      )}
    </>
  );
}

function momentOf(time: number | null, today: number): string {
  return time === null ? '' : formatMoment(time, today);
}
