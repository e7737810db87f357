import { Fragment, useEffect, useRef, useState } from 'react';
import type { FrameInWork } from '../../shared/frame-in-work';
import type { OperationOutput } from '../../shared/host-api';
import type { Frame, Job } from '../../shared/jobs';
import { messageOf } from '../../shared/user-error';
import { msg, t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { Icon } from '../controls/icon';
import { WrappingPath } from '../controls/wrapping-path';
import { describeFrame, formatBytes, formatSeconds, formatTimeWithDay } from '../model/format';
import { progressFacts, withLiveLog } from '../model/frame-progress';
import { LogLines } from './log-lines';
import { AddonPanels } from './addon-panels';
import { useFrameInWork } from './use-frame-in-work';
import { useShownRecords } from './use-shown-frame';
import { useToday } from './use-today';
import './frame-details.css';

type Log = OperationOutput<'job.log'>;

const STATE_WORDS: Record<Frame['state'], string> = {
  waiting: msg('Waiting'),
  rendering: msg('Rendering'),
  done: msg('Done'),
  failed: msg('Failed'),
  skipped: msg('Skipped'),
};

/** Everything known about a frame: its result, its files, and what the engine printed. */
export function FrameDetails({ job, number, frame }: { job: Job; number: number; frame: Frame | undefined }) {
  const rendering = frame?.state === 'rendering';
  const inWork = useFrameInWork(job.id, number, rendering);
  const records = useShownRecords();
  const today = useToday();
  return (
    <section className="frame-details" aria-label={t('Details of frame {number}', { number: String(number) })}>
      {frame ? (
        <div className="frame-facts scroll">
          {frame.reason !== null && frame.state !== 'skipped' && (
            <p className={`frame-reason selectable ${frame.state === 'failed' ? 'frame-failed' : ''}`}>
              {frame.reason}
            </p>
          )}
          {frame.suspicion !== null && (
            <p className="frame-suspicion selectable">
              <Icon name="warning" />
              {frame.suspicion}
            </p>
          )}
          <dl className="facts">
            <dt>{t('State')}</dt>
            <dd>
              {t(STATE_WORDS[frame.state])}
              {frame.attempts > 1 ? t(', attempt {attempts}', { attempts: frame.attempts }) : ''}
            </dd>
            {inWork && <Progress frame={inWork} />}
            {frame.seconds !== null && !rendering && (
              <>
                <dt>{t('Time')}</dt>
                <dd>{formatSeconds(frame.seconds)}</dd>
              </>
            )}
            {frame.peakBytes !== null && (
              <>
                <dt>{t('Peak memory')}</dt>
                <dd>{formatBytes(frame.peakBytes)}</dd>
              </>
            )}
            {frame.machine !== null && (
              <>
                <dt>{t('Machine')}</dt>
                <dd className="frame-machine">{frame.machine}</dd>
              </>
            )}
            {frame.slot !== null && (
              <>
                <dt>{t('Worker')}</dt>
                <dd>{frame.slot}</dd>
              </>
            )}
            {frame.writtenAt !== null && (
              <>
                <dt>{t('Written')}</dt>
                <dd>{formatTimeWithDay(frame.writtenAt, today)}</dd>
              </>
            )}
            {frame.files.length > 0 && (
              <>
                <dt>{frame.files.length === 1 ? t('File') : t('{count} files', { count: frame.files.length })}</dt>
                <dd>
                  <ul className="frame-files">
                    {frame.files.map((file) => (
                      <li key={file}>
                        <WrappingPath path={file} />
                      </li>
                    ))}
                  </ul>
                </dd>
              </>
            )}
          </dl>
        </div>
      ) : (
        <p className="frame-facts dim">
          {records === 'ready'
            ? t('Frame {number} is not in this job.', { number: String(number) })
            : describeFrame(number, frame, records)}
        </p>
      )}
      <AddonPanels place="frame" />
      {frame && (
        <FrameLog
          key={`${job.id} ${frame.frame} ${frame.state} ${frame.attempts}`}
          job={job}
          frame={frame}
          inWork={inWork}
        />
      )}
    </section>
  );
}

function Progress({ frame }: { frame: FrameInWork }) {
  return progressFacts(frame).map(({ label, value, share }) => (
    <Fragment key={label}>
      <dt>{label}</dt>
      <dd className="frame-progress">
        {value}
        {share !== null && <progress value={share} aria-label={label} />}
      </dd>
    </Fragment>
  ));
}

/**
 * What the engine printed while it had the frame, and prints while it has it. It is drawn anew, and so read again, when
 * the frame has come on.
 */
function FrameLog({ job, frame, inWork }: { job: Job; frame: Frame; inWork: FrameInWork | null }) {
  const { client } = useApp();
  const [log, setLog] = useState<Log | null>(null);
  const [error, setError] = useState<string | null>(null);
  const { id } = job;
  const { frame: number, state } = frame;
  useEffect(() => {
    let live = true;
    client.call('job.log', { id, frame: number }).then(
      (answer) => {
        if (!live) return;
        setLog(answer);
        setError(null);
      },
      (failure: unknown) => live && setError(messageOf(failure)),
    );
    return () => {
      live = false;
    };
  }, [client, id, number]);
  const own = withLiveLog(log?.filter((entry) => entry.frame === number) ?? [], inWork);
  const box = useRef<HTMLDivElement>(null);
  /** Whether its end is in sight, and stays there while lines come. */
  const atEnd = useRef(true);
  useEffect(() => {
    if (inWork && atEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [inWork]);
  const empty = own.every(({ lines }) => lines.length === 0);
  return (
    <div
      ref={box}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 20;
      }}
      className="frame-log scroll selectable"
      role="log"
      aria-live="off"
      aria-label={t('Log of frame {number}', { number: String(number) })}
      tabIndex={0}
    >
      {error !== null && <p className="frame-log-none">{error}</p>}
      {error === null && log !== null && empty && (
        <p className="frame-log-none">
          {state === 'waiting' || state === 'rendering'
            ? t('The log appears here once the frame is rendered.')
            : t('The engine printed nothing for this frame, or its log is no longer kept.')}
        </p>
      )}
      {!empty && (
        <LogLines tries={own} failed={state === 'failed' || (state !== 'rendering' && frame.reason !== null)} />
      )}
    </div>
  );
}
