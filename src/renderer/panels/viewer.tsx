import { useState } from 'react';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { shownFrame, shownJob } from '../app-store';
import { useRun } from '../commands';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import { describeFrame, formatSeconds } from '../model/format';
import { describeImageFailure, type ImageFailure } from '../model/image-failure';
import type { ImageLook } from '../model/image-viewing';
import { FIT, isPixelForPixel, pixelForPixel, zoomText } from '../model/image-zoom';
import { notBegun } from '../model/job-sentences';
import { keyWords } from '../model/key-words';
import { useReadOnly } from '../read-only';
import { Area } from './area';
import { FrameDetails } from './frame-details';
import { ImageMenu } from './frame-menu';
import { CompareBar } from './image-view/compare-bar';
import { DevelopmentBar } from './image-view/development-bar';
import { createHoveredPixel } from './image-view/hovered-pixel';
import { LookMenus } from './image-view/look-menus';
import { PixelBar } from './image-view/pixel-bar';
import { useComparison } from './image-view/use-comparison';
import { useImageZoom } from './image-view/use-image-zoom';
import { useDeveloped } from './image-view/use-linear-image';
import { ViewedImage } from './image-view/viewed-image';
import { Messages } from './messages';
import { SceneStill } from './scene-still';
import { SubjectSwitch } from './subject-switch';
import { RecentScenes } from './recent-scenes';
import { useStackedAreas } from './use-area-sizes';
import { useShownFrame, useShownRecords } from './use-shown-frame';
import { useFrameImage } from './use-frame-image';
import './viewer.css';

/** The image of the frame last written, or of the one that was chosen in the timeline. */
export function Viewer() {
  const { actions, pictures } = useApp();
  const stacked = useStackedAreas();
  const view = useAppState((state) => state.view);
  const job = useAppState(shownJob);
  const number = useAppState(shownFrame);
  const frame = useShownFrame();
  // The job says which frame it wrote last before the list of frames has come.
  const there = job !== null && number !== null && (frame ? frame.file !== null : job.lastFrame === number);
  const { image, failure, played } = useFrameImage(
    there ? { jobId: job.id, frame: number, writtenAt: frame?.writtenAt ?? null } : null,
  );
  const { zoom, setZoom } = useImageZoom();
  const [scale, setScale] = useState(1);
  const { look, development } = useAppState((state) => state.imageView);
  const changeLook = (change: Partial<ImageLook>): void => actions.setImageView({ look: change });
  const [hovered] = useState(createHoveredPixel);
  const comparison = useComparison(played ? null : image);
  const developed = useDeveloped(played ? null : image, development);
  // Both alike, or the comparison would show the view transforms of two scenes.
  const compared = useDeveloped(comparison?.image ?? null, {
    ...development,
    view: development.view ?? developed.sceneView ?? 'standard',
  });
  const shown = developed.picture ?? image;
  const other = compared.picture ?? comparison?.image ?? null;
  const facts =
    job && number !== null
      ? [
          { name: 'size', text: shown ? `${shown.width} × ${shown.height}` : null },
          { name: 'time', text: frame?.seconds == null ? null : formatSeconds(frame.seconds) },
        ]
      : [];
  return (
    <Area
      name={t('Image')}
      className="viewer"
      title={
        <span className="viewer-title">
          <SubjectSwitch />
          {job && number !== null && (
            <span className="viewer-frame">{t('Frame {number}', { number: String(number) })}</span>
          )}
          {job && frame?.suspicion && (
            <span className="viewer-suspicion" title={frame.suspicion}>
              <Icon name="warning" />
              <span className="viewer-suspicion-words">{frame.suspicion}</span>
            </span>
          )}
          {facts.length > 0 ? (
            <span className="viewer-facts">
              {facts.flatMap(({ name, text }) =>
                text === null ? [] : [<span className={`viewer-${name}`} key={name}>{`${text}  `}</span>],
              )}
            </span>
          ) : (
            job === null && number === null && t('Image')
          )}
        </span>
      }
      tools={
        job !== null && (
          <>
            <LookMenus look={look} onLook={changeLook} zoom={zoom} onZoom={setZoom} disabled={!image || played} />
            {(image || played) && (
              <output className="viewer-zoom" aria-label={t('Zoom')}>
                {zoomText(scale)}
              </output>
            )}
            <Button
              kind="bare"
              className="viewer-fit"
              title={t('Fit the image into its area (Home)')}
              aria-pressed={zoom.kind === 'fit'}
              onClick={() => setZoom(FIT)}
            >
              {t('Fit')}
            </Button>
            <Button
              kind="bare"
              className="viewer-fit"
              title={t('Show the image pixel for pixel (1)')}
              aria-pressed={isPixelForPixel(zoom)}
              onClick={() => setZoom(pixelForPixel(zoom))}
            >
              1:1
            </Button>
            <Button
              kind="bare"
              className="viewer-backdrop"
              aria-pressed={view.backdrop === 'checker'}
              title={t('Show a checkerboard behind transparent areas')}
              onClick={() => actions.setView({ backdrop: view.backdrop === 'checker' ? 'neutral' : 'checker' })}
            >
              {t('Checker')}
            </Button>
            <Button
              kind="bare"
              icon="log"
              aria-pressed={view.details}
              aria-label={t('Frame details')}
              title={t('Show the time, memory, files and log of this frame')}
              disabled={job === null}
              onClick={() => actions.setView({ details: !view.details })}
            />
          </>
        )
      }
    >
      <ImageMenu className={`viewer-stage ${image || played ? '' : 'viewer-stage-text'}`}>
        {image || played ? (
          <ViewedImage
            image={played ? null : shown}
            feed={played ? pictures : null}
            name={
              image && !played
                ? t('{job}, frame {frame}', { job: job?.name ?? '', frame: String(image.frame) })
                : t('{job}, playing', { job: job?.name ?? '' })
            }
            zoom={zoom}
            onZoom={setZoom}
            onScale={setScale}
            other={other}
            look={look}
            onLook={changeLook}
            hovered={hovered}
          />
        ) : (
          <Nothing failure={failure} loading={there && !failure} />
        )}
        {!stacked && <Messages />}
      </ImageMenu>
      {developed.state !== 'none' && (
        <DevelopmentBar
          developed={developed}
          development={development}
          onChange={(change) => actions.setImageView({ development: change })}
        />
      )}
      {comparison && <CompareBar comparison={comparison} look={look} onLook={changeLook} />}
      {view.pixelValues && image && !played && (
        <PixelBar
          hovered={hovered}
          shown={shown}
          other={other}
          lights={{ shown: developed.light, other: compared.light }}
        />
      )}
      {view.details && job && number !== null && <FrameDetails job={job} number={number} frame={frame} />}
    </Area>
  );
}

/** Why there is no image, and what to do about it. */
function Nothing({ failure, loading }: { failure: ImageFailure | null; loading: boolean }) {
  const run = useRun();
  const readOnly = useReadOnly();
  const { actions } = useApp();
  const details = useAppState((state) => state.view.details);
  const scene = useAppState((state) => state.model.host?.scene ?? null);
  const job = useAppState(shownJob);
  const number = useAppState(shownFrame);
  const frame = useShownFrame();
  const records = useShownRecords();
  if (loading) return null;
  if (job && number !== null) {
    const failed = frame?.state === 'failed';
    const text = failure
      ? describeImageFailure(failure, number)
      : job.lastFrame === null && job.state === 'queued'
        ? notBegun(job)
        : describeFrame(number, frame, records);
    return (
      <div className={`nothing ${failed ? 'nothing-failed' : ''}`}>
        <Icon name={failed ? 'error' : frame?.state === 'rendering' ? 'gauge' : 'image'} />
        <p className="selectable">{text}</p>
        {failed && !details && (
          <div className="nothing-actions">
            <Button icon="log" onClick={() => actions.showDetails()}>
              {t('Show Log')}
            </Button>
          </div>
        )}
      </div>
    );
  }
  if (scene) return <SceneStill scene={scene} />;
  return (
    <div className="nothing">
      <Icon name="cube" />
      <p className="nothing-title">{t('No scene is open')}</p>
      <p>{readOnly ?? t('Drop a scene (.blend, .glb, .gltf) on this window, or open one.')}</p>
      <div className="nothing-actions">
        <Button changes onClick={() => run('open')}>
          {t('Open…')} <kbd aria-hidden="true">{keyWords('Ctrl+O')}</kbd>
        </Button>
      </div>
      <RecentScenes />
    </div>
  );
}
