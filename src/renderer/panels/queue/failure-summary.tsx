import { useMemo, useState } from 'react';
import type { FailureCode } from '../../../shared/failures';
import type { Job } from '../../../shared/jobs';
import { t } from '../../../shared/texts/translate';
import { useApp, useAppState } from '../../app-context';
import { Button } from '../../controls/button';
import { Icon } from '../../controls/icon';
import { failureCauses, MAX_CAUSES } from '../../model/failure-causes';
import { frames as framesInWords } from '../../model/format';
import { rangeOf } from '../../model/frame-selection';
import { reasonOf } from '../../model/job-sentences';
import { remediesFor } from '../../model/remedies';
import { useFailedFrames } from './use-failed-frames';
import './failure-summary.css';

/** Why a job or frames of it failed: each cause once, with its frames and what mends it. */
export function FailureSummary({ job }: { job: Job }) {
  const [open, setOpen] = useState(true);
  const list = useFailedFrames(job);
  const causes = useMemo(() => (list === null ? [] : failureCauses(list)), [list]);
  const ofJob = job.state === 'failed' && (causes.length === 0 || job.failure === 'too-many') ? reasonOf(job) : null;
  const head =
    job.frames.failed === 0
      ? t('Failed before its frames were rendered')
      : causes.length > 1
        ? t('{frames} failed, {causes} causes', { frames: framesInWords(job.frames.failed), causes: causes.length })
        : t('{frames} failed', { frames: framesInWords(job.frames.failed) });
  return (
    <section className="failures" aria-label={t('Failures of job {id}', { id: String(job.id) })}>
      <button type="button" className="failures-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="chevron" className={open ? '' : 'failures-folded'} />
        <Icon name="error" />
        {head}
      </button>
      {open && (
        <ul className="failures-list">
          {(ofJob !== null || job.failure === 'too-many') && (
            <Cause
              job={job}
              code={job.failure}
              reason={job.failure === 'too-many' && causes.length > 0 ? tooMany(job) : (ofJob ?? '')}
              frames={[]}
            />
          )}
          {causes.slice(0, MAX_CAUSES).map(({ code, reason, frames }) => (
            <Cause key={`${code} ${reason}`} job={job} code={code} reason={reason} frames={frames} />
          ))}
          {causes.length > MAX_CAUSES && (
            <li>
              {t('{count, plural, one {And # other cause.} other {And # other causes.}}', {
                count: causes.length - MAX_CAUSES,
              })}
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

/** Why it ended before it was through. */
function tooMany({ settings, frames: { failed, total } }: Job): string {
  const most = Number((settings.failureShare * 100).toFixed(1));
  return failed === total
    ? t('Every frame failed.')
    : t('More than {most} % of the frames failed, which ends the job: {failed} of {total}.', { most, failed, total });
}

function Cause({
  job,
  code,
  reason,
  frames,
}: {
  job: Job;
  code: FailureCode | null;
  reason: string;
  frames: readonly number[];
}) {
  const { actions } = useApp();
  const scene = useAppState((state) => state.model.host?.scene);
  const heldScripts = scene?.path === job.settings.scene && scene.blender?.scripts === true;
  const remedies = remediesFor(code, job, heldScripts);
  const [first] = frames;
  return (
    <li className="failure">
      <p className="failure-reason selectable">{reason}</p>
      <div className="failure-tools">
        {frames.length > 0 && (
          <span className="failure-frames selectable" title={rangeOf(frames)}>
            {frames.length === 1
              ? t('Frame {number}', { number: String(first) })
              : t('{count} frames: {range}', { count: frames.length, range: shortRange(frames) })}
          </span>
        )}
        {first !== undefined && (
          <Button icon="log" onClick={() => actions.showFrameLog(job, first)}>
            {t('Show Log')}
          </Button>
        )}
        {remedies.map(({ id, label, title }) => (
          <Button key={id} changes title={title} onClick={() => void actions.mend(job, frames, id)}>
            {label}
          </Button>
        ))}
      </div>
    </li>
  );
}

/** As much of a range as a line holds. */
function shortRange(frames: readonly number[]): string {
  const range = rangeOf(frames).replaceAll(',', ', ');
  return range.length > 40 ? `${range.slice(0, range.lastIndexOf(',', 40))}, …` : range;
}
