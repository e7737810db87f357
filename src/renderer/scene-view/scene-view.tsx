import { useCallback, useEffect, useRef, useState } from 'react';
import type { SceneInfo } from '../../shared/scene';
import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import type { RenderForm } from '../model/render-form';
import { drawnSize, viewRequest } from '../model/view-request';
import { useElementSize } from '../panels/use-element-size';
import type { Controls } from './orbit-controls';
import { startView, type View } from './start-view';
import type { DrawnView, Orbit } from './view-messages';
import './scene-view.css';

/** The open glTF as its frames will look, live: scrubbed by the timeline, and turned without changing the scene. */
export function SceneView({ scene, form, frame }: { scene: SceneInfo; form: RenderForm; frame: number }) {
  const { client } = useApp();
  const { ref: sizeRef, size: room } = useElementSize();
  const stage = useRef<HTMLDivElement>(null);
  const view = useRef<View>(null);
  const controls = useRef<Controls>(null);
  const [address, setAddress] = useState<string | null>(null);
  const [drawn, setDrawn] = useState<DrawnView | null>(null);
  const [orbit, setOrbit] = useState<Orbit | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [hidden, setHidden] = useState(document.hidden);

  // A worker and its context for as long as the view is shown.
  useEffect(() => {
    const box = stage.current!;
    const own = startView(box, {
      onDrawn: (next) => {
        setDrawn(next);
        setTrouble(null);
      },
      onTrouble: setTrouble,
    });
    view.current = own;
    return () => {
      view.current = null;
      own.stop();
    };
  }, []);

  // A scene that was saved anew has another address.
  useEffect(() => {
    let live = true;
    setOrbit(null);
    client.call('scene.view', {}).then(
      ({ address: found }) => live && setAddress(found),
      (error: unknown) => live && setTrouble(messageOf(error)),
    );
    return () => {
      live = false;
    };
  }, [client, scene]);

  useEffect(() => {
    const onVisibility = (): void => setHidden(document.hidden);
    document.addEventListener('visibilitychange', onVisibility);
    return () => document.removeEventListener('visibilitychange', onVisibility);
  }, []);

  const size = room && drawnSize(room, form, window.devicePixelRatio);
  const request = address !== null && size !== null ? viewRequest(address, form, scene, frame, size) : null;
  const wanted = JSON.stringify([request, orbit]);
  useEffect(() => {
    if (request !== null && !hidden) view.current?.draw(request, orbit);
    // The text says everything about what is wanted.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted, hidden]);

  // The controls begin where the scene's camera is, and with it while the person has not turned the view.
  const aspect = size ? size.width / size.height : 1;
  const toCamera = useCallback(() => setOrbit(null), []);
  const turned = orbit !== null;
  const camera = drawn?.camera ?? null;
  useEffect(() => {
    if (camera === null || turned) return undefined;
    let live = true;
    void import('./orbit-controls').then(({ createControls }) => {
      if (!live || !stage.current) return;
      controls.current ??= createControls(stage.current, setOrbit);
      controls.current.startAt(camera, aspect);
    });
    return () => {
      live = false;
    };
  }, [camera, aspect, turned]);
  useEffect(() => () => controls.current?.dispose(), []);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.code !== 'Numpad0' || event.target instanceof HTMLInputElement || event.ctrlKey || event.altKey) return;
      event.preventDefault();
      toCamera();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [toCamera]);

  return (
    <div className="scene-view" ref={sizeRef}>
      <p className="visually-hidden" role="status">
        {t('{scene} is open', { scene: scene.name })}
      </p>
      <div
        ref={stage}
        className={`scene-view-stage ${drawn?.transparent ? 'backdrop-checker' : ''}`}
        role="group"
        tabIndex={0}
        aria-label={t(
          'Live view of {scene}: arrow keys move it, with Shift they turn it, 0 on the number pad returns to the camera',
          {
            scene: scene.name,
          },
        )}
        data-drawn={
          drawn ? `${drawn.frame} ${drawn.turned ? 'turned ' : ''}${drawn.finished ? 'finished' : 'draft'}` : undefined
        }
        style={
          size ? { width: size.width / window.devicePixelRatio, height: size.height / window.devicePixelRatio } : {}
        }
      />
      {trouble !== null ? (
        <p className="scene-view-trouble selectable" role="alert">
          <Icon name="warning" />
          {trouble}
        </p>
      ) : (
        drawn === null && <p className="scene-view-loading">{t('Loading {scene}…', { scene: scene.name })}</p>
      )}
      {turned && (
        <Button
          className="scene-view-camera"
          title={t('Look through the scene’s camera again (0 on the number pad)')}
          aria-keyshortcuts="0"
          onClick={toCamera}
        >
          {t('Camera')} <kbd aria-hidden="true">0</kbd>
        </Button>
      )}
    </div>
  );
}
