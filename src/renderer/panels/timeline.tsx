import { useMemo, useState } from 'react';
import { msg, t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { shownFrame, shownJob } from '../app-store';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import { typeDecimalPoint } from '../controls/number-pad';
import { formatCount } from '../model/format';
import { formRange } from '../model/check-form';
import { recordsOf } from '../model/host-model';
import { readFrame } from '../model/typed-frame';
import { nextInState, nextSuspicious, timelineCells, type CellState } from '../model/timeline-cells';
import { PlaybackBar } from '../playback/playback-bar';
import { shownRange } from '../playback/play-source';
import { Area } from './area';
import { useFrameMenu } from './frame-menu';
import { TimelineStrip } from './timeline-strip';
import './timeline.css';

const LEGEND: readonly { state: Exclude<CellState, 'none'>; label: string }[] = [
  { state: 'done', label: msg('Done') },
  { state: 'rendering', label: msg('Rendering') },
  { state: 'waiting', label: msg('Waiting') },
  { state: 'skipped', label: msg('Skipped') },
  { state: 'failed', label: msg('Failed') },
];

/** Every frame of the scene's range and of the job shown, coloured by its state. */
export function Timeline() {
  const { actions } = useApp();
  const job = useAppState(shownJob);
  const scene = useAppState((state) => state.model.host?.scene ?? null);
  const form = useAppState((state) => state.form);
  const frame = useAppState(shownFrame);
  const following = useAppState((state) => state.pinnedFrame === null);
  const table = useAppState((state) => (job ? state.model.frames.get(job.id) : undefined));
  const selected = useAppState((state) =>
    state.selectedFrames?.job === job?.id ? (state.selectedFrames?.frames ?? null) : null,
  );
  const frameMenu = useFrameMenu();
  const played = useAppState(shownRange);
  const playing = useAppState((state) => state.playback !== null);

  const jobId = job?.id ?? null;

  const own = scene !== null && (job === null || job.settings.scene === scene.path);
  const range = own && form ? formRange(form) : null;
  const [start, end] = [range?.start, range?.end];
  const jobFrames = job?.settings.frames;
  const cells = useMemo(
    () => timelineCells(start === undefined || end === undefined || end < start ? null : { start, end }, job),
    // Of the job only its frame range counts here.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [start, end, jobId, jobFrames],
  );

  return (
    <Area
      name={t('Timeline')}
      className="timeline"
      lead={
        <>
          {frame !== null && cells.count > 0 && <FrameBox frame={frame} onChange={actions.showFrame} />}
          {job && (
            <Button
              kind="bare"
              className="timeline-follow"
              icon="next"
              aria-pressed={following}
              title={t('Show each frame as it is written')}
              onClick={() => actions.showFrame(following ? frame : null)}
            >
              {t('Follow')}
            </Button>
          )}
          {job && <PlaybackBar />}
        </>
      }
      tools={
        job && (
          <ul className="legend" aria-label={t('Frames by state')}>
            {LEGEND.map(({ state, label }) => (
              <li key={state}>
                <button
                  type="button"
                  className={`legend-item ${job.frames[state] === 0 ? 'legend-empty' : ''} ${state === 'failed' && job.frames.failed > 0 ? 'legend-alarm' : ''}`}
                  title={t('Go to the next frame in this state: {state}', { state: t(label) })}
                  disabled={job.frames[state] === 0}
                  onClick={() => {
                    const next = nextInState(table, cells, frame ?? 0, state);
                    if (next !== null) actions.showFrame(next);
                  }}
                >
                  <span className={`swatch swatch-${state}`} aria-hidden="true" />
                  <span className="legend-label">{t(label)}</span>{' '}
                  <span className="legend-count">{formatCount(job.frames[state])}</span>
                </button>
              </li>
            ))}
            {job.suspicious > 0 && (
              <li>
                <button
                  type="button"
                  className="legend-item legend-suspicious"
                  title={t('Go to the next frame whose image looks wrong')}
                  onClick={() => {
                    const next = nextSuspicious(table, cells, frame ?? 0);
                    if (next !== null) actions.showFrame(next);
                  }}
                >
                  <Icon name="warning" />
                  <span className="legend-label">{t('Looks wrong')}</span>{' '}
                  <span className="legend-count">{formatCount(job.suspicious)}</span>
                </button>
              </li>
            )}
          </ul>
        )
      }
    >
      {cells.count > 0 && frame !== null ? (
        <TimelineStrip
          cells={cells}
          table={table}
          records={job && recordsOf(table)}
          frame={frame}
          selected={selected}
          onPick={(picked, how) => actions.pickFrame(picked, how, cells)}
          onMenu={frameMenu.open}
          played={played}
          playing={playing}
          onFrame={actions.showFrame}
        />
      ) : (
        <p className="timeline-empty">{t('Frames appear here once a scene is open.')}</p>
      )}
      {frameMenu.menu}
    </Area>
  );
}

/** The current frame as a number to type over. */
function FrameBox({ frame, onChange }: { frame: number; onChange: (frame: number) => void }) {
  const { actions } = useApp();
  const [text, setText] = useState<string | null>(null);
  const apply = (): void => {
    const typed = text?.trim() ?? '';
    const read = typed === '' ? frame : readFrame(typed);
    if (typeof read === 'string') actions.tell('warning', read, { topic: 'frame', passing: true });
    else if (read !== frame) onChange(read);
    setText(null);
  };
  return (
    <input
      className="input frame-box"
      aria-label={t('Current frame')}
      title={t('Current frame')}
      inputMode="numeric"
      autoComplete="off"
      value={text ?? String(frame)}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={apply}
      onKeyDown={(event) => {
        if (typeDecimalPoint(event)) return;
        if (event.key === 'Enter') apply();
        else if (event.key === 'Escape' && text !== null) {
          event.preventDefault();
          event.stopPropagation();
          setText(null);
        }
      }}
    />
  );
}
