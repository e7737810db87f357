import { useEffect, type CSSProperties } from 'react';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { shownJob } from '../app-store';
import { Splitter } from '../controls/splitter';
import { Properties } from './properties';
import { Queue } from './queue/queue';
import { Timeline } from './timeline';
import { useAreaSizes, useStackedAreas } from './use-area-sizes';
import { Viewer } from './viewer';
import './render-workspace.css';

/**
 * Queue, image, properties and timeline, each as large as the person wants it; or one of them alone. In a narrow window
 * they stand one below another.
 */
export function RenderWorkspace() {
  const { actions } = useApp();
  const shown = useAppState((state) => state.view.properties);
  const maximized = useAppState((state) => state.maximized);
  const sizes = useAreaSizes();
  const stacked = useStackedAreas();
  useShownFrames();
  if (maximized !== null) {
    // Keys keep an area as it is, with what is typed into it, where the window's shape changes around it.
    const Only = { queue: Queue, viewer: Viewer, properties: Properties, timeline: Timeline }[maximized];
    return (
      <div className="render-workspace render-maximized">
        <Only key={maximized} />
      </div>
    );
  }
  if (stacked)
    return (
      <div className="render-workspace render-stacked scroll">
        <Queue key="queue" />
        <Viewer key="viewer" />
        <Timeline key="timeline" />
        {shown && <Properties key="properties" />}
      </div>
    );
  const style = {
    '--queue-width': `${sizes.queue.value}px`,
    '--properties-width': `${sizes.properties.value}px`,
    '--timeline-height': `${sizes.timeline.value}px`,
  };
  return (
    <div className={`render-workspace ${shown ? '' : 'render-without-properties'}`} style={style as CSSProperties}>
      <Queue key="queue" />
      <Splitter
        key="queue-splitter"
        label={t('Width of the queue')}
        title={t('Drag to resize the queue; double-click for its usual width')}
        className="queue-splitter"
        grows="right"
        size={sizes.queue}
        onResize={(width) => actions.setQueueView({ width })}
      />
      <Viewer key="viewer" />
      {shown && (
        <Splitter
          key="properties-splitter"
          label={t('Width of the properties')}
          title={t('Drag to resize the properties; double-click for their usual width; N hides them')}
          className="properties-splitter"
          grows="left"
          size={sizes.properties}
          onResize={(width) => actions.setView({ propertiesWidth: width })}
        />
      )}
      {shown && <Properties key="properties" />}
      <Splitter
        key="timeline-splitter"
        label={t('Height of the timeline')}
        title={t('Drag to resize the timeline; double-click for its usual height')}
        className="timeline-splitter"
        grows="up"
        size={sizes.timeline}
        onResize={(height) => actions.setView({ timelineHeight: height })}
      />
      <Timeline key="timeline" />
    </div>
  );
}

/** Has the frames of the job shown loaded, whichever areas speak of them. */
function useShownFrames(): void {
  const { actions } = useApp();
  const jobId = useAppState((state) => shownJob(state)?.id ?? null);
  const missing = useAppState(({ model }) => jobId !== null && model.early === null && !model.frames.has(jobId));
  useEffect(() => {
    if (jobId !== null && missing) void actions.needFrames(jobId);
  }, [jobId, missing, actions]);
}
