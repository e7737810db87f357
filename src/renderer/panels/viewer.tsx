import { useRef, type PointerEvent } from 'react';
import { useApp, useAppState } from '../app-context';
import { shownFrame, shownJob } from '../app-store';
import { useRun } from '../commands';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import { describeFrame, formatSeconds } from '../model/format';
import { notBegun } from '../model/job-sentences';
import { renderObstacle } from '../model/render-obstacle';
import { Area } from './area';
import { FrameDetails } from './frame-details';
import { Messages } from './messages';
import { PlayedImage } from './played-image';
import { SubjectSwitch } from './subject-switch';
import { useShownFrame } from './use-shown-frame';
import { useElementSize } from './use-element-size';
import { useFrameImage, type ShownImage } from './use-frame-image';
import './viewer.css';

/** The image of the frame last written, or of the one that was chosen in the timeline. */
export function Viewer() {
  const { actions } = useApp();
  const view = useAppState((state) => state.view);
  const job = useAppState(shownJob);
  const number = useAppState(shownFrame);
  const frame = useShownFrame();
  // The job says which frame it wrote last before the list of frames has come.
  const there = job !== null && number !== null && (frame ? frame.file !== null : job.lastFrame === number);
  const { image, missing, played } = useFrameImage(
    there ? { jobId: job.id, frame: number, writtenAt: frame?.writtenAt ?? null } : null,
  );
  const facts =
    job && number !== null
      ? [
          `Frame ${number}`,
          image ? `${image.width} × ${image.height}` : null,
          frame?.seconds == null ? null : formatSeconds(frame.seconds),
          frame?.suspicion ?? null,
        ]
      : [];
  return (
    <Area
      name="Image"
      className="viewer"
      title={
        <span className="viewer-title">
          <SubjectSwitch />
          {facts.length > 0 ? (
            <span className="viewer-facts">{facts.filter((fact) => fact !== null).join('  ·  ')}</span>
          ) : (
            job === null && number === null && 'Image'
          )}
        </span>
      }
      tools={
        <>
          <Button kind="bare" aria-pressed={view.zoom === 'fit'} onClick={() => actions.setView({ zoom: 'fit' })}>
            Fit
          </Button>
          <Button kind="bare" aria-pressed={view.zoom === 'full'} onClick={() => actions.setView({ zoom: 'full' })}>
            100 %
          </Button>
          <Button
            kind="bare"
            aria-pressed={view.backdrop === 'checker'}
            title="Show a checkerboard behind transparent areas"
            onClick={() => actions.setView({ backdrop: view.backdrop === 'checker' ? 'neutral' : 'checker' })}
          >
            Checker
          </Button>
          <Button
            kind="bare"
            icon="log"
            aria-pressed={view.details}
            aria-label="Frame details"
            title="Show the time, memory, files and log of this frame"
            disabled={job === null}
            onClick={() => actions.setView({ details: !view.details })}
          />
        </>
      }
    >
      <div className={`viewer-stage ${image || played ? '' : 'viewer-stage-text'}`}>
        {image || played ? (
          <Picture image={played ? null : image} zoom={view.zoom} backdrop={view.backdrop} name={job?.name ?? ''} />
        ) : (
          <Nothing missing={missing} loading={there && !missing} />
        )}
        <Messages />
      </div>
      {view.details && job && number !== null && <FrameDetails job={job} number={number} frame={frame} />}
    </Area>
  );
}

function Picture({
  image,
  zoom,
  backdrop,
  name,
}: {
  /** null: the pictures that are played. */
  image: ShownImage | null;
  zoom: 'fit' | 'full';
  backdrop: 'checker' | 'neutral';
  name: string;
}) {
  const { ref, size } = useElementSize();
  const scaleOf = ({ width, height }: { width: number; height: number }): number =>
    zoom === 'full' || !size ? 1 : Math.min((size.width - 16) / width, (size.height - 16) / height);
  const scale = image ? scaleOf(image) : 1;
  const drag = useRef<{ x: number; y: number; left: number; top: number } | null>(null);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (zoom === 'fit' || event.button > 1) return;
    const box = event.currentTarget;
    drag.current = { x: event.clientX, y: event.clientY, left: box.scrollLeft, top: box.scrollTop };
    box.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (!drag.current) return;
    event.currentTarget.scrollLeft = drag.current.left - (event.clientX - drag.current.x);
    event.currentTarget.scrollTop = drag.current.top - (event.clientY - drag.current.y);
  };
  const stop = (): void => {
    drag.current = null;
  };
  return (
    <div
      ref={ref}
      className={`picture picture-${zoom} ${zoom === 'full' ? 'scroll' : ''}`}
      tabIndex={zoom === 'full' ? 0 : undefined}
      role={zoom === 'full' ? 'group' : undefined}
      aria-label={zoom === 'full' ? 'Image at full size, scroll with the arrow keys' : undefined}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={stop}
      onPointerCancel={stop}
    >
      {image ? (
        <img
          className={`picture-image backdrop-${backdrop}`}
          src={image.url}
          width={Math.max(1, Math.round(image.width * scale))}
          height={Math.max(1, Math.round(image.height * scale))}
          alt={`${name}, frame ${image.frame}`}
          draggable={false}
        />
      ) : (
        <PlayedImage className={`picture-image backdrop-${backdrop}`} scale={scaleOf} label={`${name}, playing`} />
      )}
    </div>
  );
}

/** Why there is no image, and what to do about it. */
function Nothing({ missing, loading }: { missing: boolean; loading: boolean }) {
  const run = useRun();
  const { actions } = useApp();
  const details = useAppState((state) => state.view.details);
  const scene = useAppState((state) => state.model.host?.scene ?? null);
  const obstacle = useAppState((state) => renderObstacle(state.model.host?.scene ?? null, state.engines));
  const job = useAppState(shownJob);
  const number = useAppState(shownFrame);
  const frame = useShownFrame();
  if (loading) return null;
  if (job && number !== null) {
    const failed = frame?.state === 'failed';
    const text = missing
      ? `The image of frame ${number} no longer exists: it was moved or deleted.`
      : job.lastFrame === null && job.state === 'queued'
        ? notBegun(job)
        : describeFrame(number, frame);
    return (
      <div className={`nothing ${failed ? 'nothing-failed' : ''}`}>
        <Icon name={failed ? 'error' : frame?.state === 'rendering' ? 'gauge' : 'image'} />
        <p className="selectable">{text}</p>
        {failed && !details && (
          <div className="nothing-actions">
            <Button icon="log" onClick={() => actions.setView({ details: true })}>
              Show Log
            </Button>
          </div>
        )}
      </div>
    );
  }
  if (scene) {
    return (
      <div className="nothing">
        <Icon name="cube" />
        <p className="nothing-title">{scene.name} is open</p>
        <p>{obstacle ?? 'Nothing has been rendered yet.'}</p>
        <div className="nothing-actions">
          {obstacle === null ? (
            <>
              <Button changes onClick={() => run('render-image')}>
                Render Image <kbd aria-hidden="true">F12</kbd>
              </Button>
              <Button changes onClick={() => run('render-animation')}>
                Render Animation <kbd aria-hidden="true">Ctrl+F12</kbd>
              </Button>
            </>
          ) : (
            <Button changes onClick={() => void actions.searchAgain()}>
              Search Again
            </Button>
          )}
        </div>
      </div>
    );
  }
  return (
    <div className="nothing">
      <Icon name="cube" />
      <p className="nothing-title">No scene is open</p>
      <p>Drop a scene (.blend, .glb, .gltf) on this window, or open one.</p>
      <div className="nothing-actions">
        <Button changes onClick={() => run('open')}>
          Open… <kbd aria-hidden="true">Ctrl+O</kbd>
        </Button>
      </div>
    </div>
  );
}
