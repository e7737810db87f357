import { useEffect, useMemo, useState, type KeyboardEvent } from 'react';
import { MAX_FRAME_TIMES_KEPT } from '../../shared/statistics';
import { useApp, useAppState } from '../app-context';
import { useRun } from '../commands';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import { frameData, framesIn, memoryData, paceData, queueData, RANGES, samplesIn, slotsIn, spread } from '../model/chart-data';
import { formatBytes, formatCount, formatRate, formatSeconds, frames } from '../model/format';
import { Area } from '../panels/area';
import { Messages } from '../panels/messages';
import { ChartCard } from './chart-card';
import type { PlotSeries } from './plot';
import { moveCursor } from './shared-cursor';
import { useHostNow } from './use-host-now';
import './statistics.css';

const NONE: readonly never[] = [];
/** As many colours as can be told from each other; then they come again, dashed. */
const COLOURS = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5', '--line-6', '--line-7', '--line-8'] as const;
const PACE: readonly PlotSeries[] = [{ name: 'Frames per minute', color: '--line-1' }];
const TIMES: readonly PlotSeries[] = [{ name: 'Frame time', color: '--line-2' }];
const QUEUE: readonly PlotSeries[] = [{ name: 'Frames left', color: '--line-3' }];
const WHOLE = [1, 2, 5].flatMap((step) => [1, 10, 100, 1_000, 10_000, 100_000].map((power) => step * power)).sort((a, b) => a - b);
const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600];

/** What the host keeps in memory of its renders, drawn. */
export function StatisticsWorkspace() {
  const { actions } = useApp();
  const range = useAppState((state) => state.view.range);
  const known = useAppState((state) => state.model.statistics);
  const early = useAppState((state) => state.model.early !== null);
  const missing = known === null;
  useEffect(() => {
    if (missing && !early) void actions.needStatistics();
  }, [missing, early, actions]);
  return (
    <Area
      name="Statistics"
      className="statistics"
      tools={
        <div className="statistics-range" role="group" aria-label="Time range">
          {(['minutes', 'hour'] as const).map((one) => (
            <Button key={one} kind="bare" aria-pressed={range === one} title={`Show ${RANGES[one].words}`} onClick={() => actions.setView({ range: one })}>
              {RANGES[one].label}
            </Button>
          ))}
        </div>
      }
    >
      <div className="statistics-stage">
        {known === null || known.loading ? null : known.samples.length === 0 && known.frameTimes.length === 0 ? <NothingYet /> : <Charts />}
        <Messages />
      </div>
    </Area>
  );
}

function NothingYet() {
  const run = useRun();
  const hasScene = useAppState((state) => state.model.host?.scene != null);
  return (
    <div className="nothing">
      <Icon name="gauge" />
      <p className="nothing-title">Nothing has been rendered yet</p>
      <p>Frames per minute, frame times, the queue and the workers’ memory appear here while frames are rendered. They are kept for the last hours, in memory.</p>
      <div className="nothing-actions">
        {hasScene ? (
          <Button onClick={() => run('render-animation')}>
            Render Animation <kbd aria-hidden="true">Ctrl+F12</kbd>
          </Button>
        ) : (
          <Button onClick={() => run('open')}>
            Open… <kbd aria-hidden="true">Ctrl+O</kbd>
          </Button>
        )}
      </div>
    </div>
  );
}

function Charts() {
  const range = RANGES[useAppState((state) => state.view.range)];
  const connected = useAppState((state) => state.connection.kind === 'connected');
  const allSamples = useAppState((state) => state.model.statistics?.samples ?? NONE);
  const allFrames = useAppState((state) => state.model.statistics?.frameTimes ?? NONE);
  const beat = useHostNow(useAppState((state) => state.model.statistics?.ahead ?? 0), connected);
  // What was told is shown at once.
  const now = Math.max(beat, allSamples.at(-1)?.time ?? 0, allFrames.at(-1)?.time ?? 0);
  const window = useMemo(() => ({ from: now - range.milliseconds, to: now }), [now, range]);
  const samples = useMemo(() => samplesIn(allSamples, window), [allSamples, window]);
  const written = useMemo(() => framesIn(allFrames, window), [allFrames, window]);
  const slots = useMemo(() => slotsIn(samples), [samples]);
  const slotSeries = useMemo(() => slots.map((slot): PlotSeries => ({ name: `Worker ${slot}`, color: COLOURS[(slot - 1) % COLOURS.length]!, dashed: Math.floor((slot - 1) / COLOURS.length) % 2 === 1 })), [slots]);
  const pace = useMemo(() => paceData(samples), [samples]);
  const times = useMemo(() => frameData(written), [written]);
  const queue = useMemo(() => queueData(samples), [samples]);
  const memory = useMemo(() => memoryData(samples, slots), [samples, slots]);

  const last = samples.at(-1);
  const active = last !== undefined && last.framesLeft > 0;
  const paceNow = last?.framesPerMinute == null ? 'Measuring' : formatRate(last.framesPerMinute);
  const paceSpread = spread(pace[1]!);
  const timeSpread = spread(times[1]!);
  const lastFrame = written.at(-1);
  /** There were more in this time than are kept. */
  const cut = written.length >= MAX_FRAME_TIMES_KEPT;
  const workers = last?.workers ?? [];
  const memoryKnown = memory.slice(1).some((row) => row.some((value) => value !== null));
  const starting = written.length === 0 && workers.length > 0;
  const memoryTotal = workers.reduce((sum, worker) => sum + (worker.residentBytes ?? 0), 0);
  const [reading, setReading] = useState(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const wide = event.shiftKey ? 10 : 1;
    const by = { ArrowLeft: -wide, ArrowRight: wide, Home: -Infinity, End: Infinity, Escape: null }[event.key];
    // Esc means the render when there is no cursor to take away.
    if (by === undefined || (by === null && !reading)) return;
    event.preventDefault();
    setReading(by !== null);
    moveCursor(by);
  };
  const none = last === undefined ? `Nothing is known of ${range.words}.` : null;

  return (
    <div
      className="charts scroll"
      role="group"
      aria-label="Charts: the left and right arrow keys read their values"
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => {
        if (reading) moveCursor(null);
        setReading(false);
      }}
    >
      <ChartCard
        reading={reading}
        title="Frames per minute"
        unit=""
        shape="line"
        series={PACE}
        data={pace}
        window={window}
        atLeast={1}
        formatTick={(value) => (value >= 10 || Number.isInteger(value) ? formatCount(value) : String(Number(value.toFixed(2))))}
        format={(value) => `${formatRate(value)} /min`}
        now={last === undefined ? '' : active || last.framesPerMinute !== 0 ? (last.framesPerMinute === null ? paceNow : `${paceNow} /min`) : 'Idle'}
        summary={`Frames per minute: ${last?.framesPerMinute == null ? 'not known yet' : `${formatRate(last.framesPerMinute)} now`}${paceSpread ? `; between ${formatRate(paceSpread.least)} and ${formatRate(paceSpread.most)} in ${range.words}` : ''}.`}
        empty={none ?? (paceSpread === null ? 'Known once two frames are written.' : null)}
      />
      <ChartCard
        reading={reading}
        title="Frame times"
        unit={cut ? `s, of the last ${frames(MAX_FRAME_TIMES_KEPT)}` : 's'}
        shape="points"
        series={TIMES}
        data={times}
        window={window}
        atLeast={0.01}
        increments={SECONDS}
        formatTick={(value) => String(Number(value.toFixed(3)))}
        format={formatSeconds}
        now={lastFrame && timeSpread ? `Median ${formatSeconds(timeSpread.median)}  ·  last ${formatSeconds(lastFrame.seconds)}` : ''}
        summary={lastFrame && timeSpread ? `Frame times: ${formatSeconds(lastFrame.seconds)} for the last frame; median ${formatSeconds(timeSpread.median)}, between ${formatSeconds(timeSpread.least)} and ${formatSeconds(timeSpread.most)}, over ${frames(written.length)} in ${range.words}.` : ''}
        empty={written.length === 0 ? `No frame was written in ${range.words}.` : null}
      />
      <ChartCard
        reading={reading}
        title="Queue"
        unit="frames left"
        shape="steps"
        series={QUEUE}
        data={queue}
        window={window}
        atLeast={1}
        increments={WHOLE}
        formatTick={formatCount}
        format={(value) => `${formatCount(value)} left`}
        now={last === undefined ? '' : active ? `${formatCount(last.framesLeft)} left  ·  ${last.rendering} rendering` : 'Empty'}
        summary={`Queue: ${last === undefined ? 'not known' : `${frames(last.framesLeft)} left now, ${last.rendering} being rendered`}.`}
        empty={none}
      />
      <ChartCard
        reading={reading}
        title="Worker memory"
        unit=""
        shape="line"
        series={slotSeries}
        data={memory}
        window={window}
        atLeast={1e6}
        formatTick={(value) => (value === 0 ? '0' : formatBytes(value))}
        format={formatBytes}
        now={workers.length === 0 ? 'No workers running' : memoryKnown ? `${workers.length > 1 ? 'Together ' : ''}${formatBytes(memoryTotal)}` : ''}
        summary={`Worker memory: ${workers.length === 0 ? 'no workers are running now' : workers.map((worker) => `worker ${worker.slot} ${worker.residentBytes === null ? 'not known' : formatBytes(worker.residentBytes)}`).join(', ')}.`}
        empty={none ?? (slots.length === 0 ? `No worker was running in ${range.words}.` : memoryKnown ? null : starting ? 'Workers are starting.' : 'The workers’ memory can’t be read on this machine.')}
      />
    </div>
  );
}
