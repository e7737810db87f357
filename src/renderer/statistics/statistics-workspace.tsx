import { useEffect, useMemo, useState, type KeyboardEvent } from 'react';
import { useApp, useAppState } from '../app-context';
import { useRun } from '../commands';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import { framesIn, RANGES, samplesIn } from '../model/chart-data';
import { Area } from '../panels/area';
import { AddonPanels } from '../panels/addon-panels';
import { Messages } from '../panels/messages';
import { memoryCard, paceCard, queueCard, timesCard } from './cards';
import { ChartCard } from './chart-card';
import { moveCursor } from './shared-cursor';
import { useHostNow } from './use-host-now';
import './statistics.css';

const NONE: readonly never[] = [];

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
            <Button
              key={one}
              kind="bare"
              aria-pressed={range === one}
              title={`Show ${RANGES[one].words}`}
              onClick={() => actions.setView({ range: one })}
            >
              {RANGES[one].label}
            </Button>
          ))}
        </div>
      }
    >
      <div className="statistics-stage">
        {known === null || known.loading ? null : known.samples.length === 0 && known.frameTimes.length === 0 ? (
          <NothingYet />
        ) : (
          <Charts />
        )}
        <Messages />
      </div>
      <AddonPanels place="statistics" />
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
      <p>
        Frames per minute, frame times, the queue and the workers’ memory appear here while frames are rendered. They
        are kept for the last hours, in memory.
      </p>
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
  const beat = useHostNow(
    useAppState((state) => state.model.statistics?.ahead ?? 0),
    connected,
  );
  // What was told is shown at once.
  const now = Math.max(beat, allSamples.at(-1)?.time ?? 0, allFrames.at(-1)?.time ?? 0);
  const window = useMemo(() => ({ from: now - range.milliseconds, to: now }), [now, range]);
  const samples = useMemo(() => samplesIn(allSamples, window), [allSamples, window]);
  const written = useMemo(() => framesIn(allFrames, window), [allFrames, window]);
  const cards = useMemo(
    () => [
      paceCard(samples, range.words),
      timesCard(written, range.words),
      queueCard(samples, range.words),
      memoryCard(samples, written.length === 0, range.words),
    ],
    [samples, written, range],
  );
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
      {cards.map((card) => (
        <ChartCard key={card.title} {...card} window={window} reading={reading} />
      ))}
    </div>
  );
}
