import { useEffect, useMemo, useRef, useState } from 'react';
import type { LinearImage } from '../../../shared/linear-image';
import { useApp, useAppState } from '../../app-context';
import { ImageNotShown } from '../../host-client';
import type { ViewTransform } from '../../model/develop-image';
import type { Development } from '../../model/image-viewing';
import { sceneView } from '../../model/scene-content';
import type { ShownImage } from '../use-frame-image';
import { createDeveloper, type Developer, type DevelopWish } from './developer';
import type { Picture } from './picture';

/** Milliseconds that a frame is shown before its light is asked for, so that passing by costs nothing. */
const REST = 200;
/** Milliseconds until light that could not be fetched is asked for again. */
const RETRY = 1_000;

/** A frame's picture from its own light, where it was written as OpenEXR. */
export interface Developed {
  /** null while there is only the preview. */
  readonly picture: Picture | null;
  readonly light: LinearImage | null;
  /** `none`: the frame is no OpenEXR. `missing`: its light can't be shown. */
  readonly state: 'none' | 'loading' | 'there' | 'missing';
  /** The host's sentence about why it is missing; null where it gives none. */
  readonly reason: string | null;
  /** Blender's name of its scene's view transform; null where it is not known. */
  readonly sceneViewName: string | null;
  /** What shows that one; null where nothing does. */
  readonly sceneView: ViewTransform | null;
}

/** @param image the preview that is shown meanwhile; null while none is, or others are played */
export function useDeveloped(image: ShownImage | null, { exposure, view, layer }: Development): Developed {
  const { client } = useApp();
  const isExr = useAppState((state) =>
    image ? (state.model.jobs.byId.get(image.jobId)?.settings.format ?? '').startsWith('exr') : false,
  );
  const key = isExr && image ? `${image.key} ${layer ?? ''}` : null;
  const [loaded, setLoaded] = useState<{ key: string; light: LinearImage | null; reason: string | null } | null>(null);
  useEffect(() => {
    if (key === null || image === null) return undefined;
    let wanted = true;
    const load = async (): Promise<void> => {
      try {
        const light =
          (await client.pixels(image.jobId, image.frame, layer ?? undefined)) ??
          // Another job's file may not have the layer.
          (layer === null ? null : await client.pixels(image.jobId, image.frame));
        if (wanted) setLoaded({ key, light, reason: null });
      } catch (error) {
        if (!wanted) return;
        if (error instanceof ImageNotShown) setLoaded({ key, light: null, reason: error.message });
        else timer = setTimeout(() => void load(), RETRY);
      }
    };
    let timer = setTimeout(() => void load(), REST);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
    // The key says everything about what is wanted.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [key, client]);

  // Another layer of the same frame takes the place of the one before; another frame begins with its preview.
  const light = key !== null && image && loaded?.key.startsWith(`${image.key} `) ? loaded.light : null;
  const job = useAppState(({ model }) => (image && model.jobs.byId.get(image.jobId)) ?? null);
  const scene = useAppState(({ model }) => model.host?.scene ?? null);
  const own = job && sceneView(scene, job);
  const shownView = view ?? own?.transform ?? 'standard';
  const developed = useBitmap(light, image?.key ?? null, exposure, shownView, key !== null);
  const picture = useMemo((): Picture | null => {
    if (!developed || developed.wish.frame !== image?.key) return null;
    const { light, frame, exposure, view } = developed.wish;
    return {
      key: `${frame} ${light.layer} ${exposure} ${view}`,
      width: light.fullWidth,
      height: light.fullHeight,
      source: developed.bitmap,
    };
  }, [developed, image?.key]);
  const state = key === null ? 'none' : loaded?.key !== key ? 'loading' : loaded.light ? 'there' : 'missing';
  const reason = loaded?.key === key ? loaded.reason : null;
  return { picture, light, state, reason, sceneViewName: own?.name ?? null, sceneView: own?.transform ?? null };
}

/**
 * The last bitmap that was developed, of whichever frame; null where there is none yet.
 *
 * @param isExr whether there may be light soon: otherwise the thread is ended
 */
function useBitmap(
  light: LinearImage | null,
  frame: string | null,
  exposure: number,
  view: ViewTransform,
  isExr: boolean,
): { readonly wish: DevelopWish; readonly bitmap: ImageBitmap } | null {
  const [developed, setDeveloped] = useState<{ wish: DevelopWish; bitmap: ImageBitmap } | null>(null);
  const developer = useRef<Developer | null>(null);
  useEffect(() => {
    if (!isExr) return undefined;
    const own = createDeveloper((wish, bitmap) => setDeveloped({ wish, bitmap }));
    developer.current = own;
    return () => {
      own.close();
      developer.current = null;
      setDeveloped(null);
    };
  }, [isExr]);
  useEffect(() => {
    if (light && frame !== null) developer.current?.develop({ light, frame, exposure, view });
  }, [light, frame, exposure, view]);
  // Nothing draws it any more once another, or none, has taken its place.
  useEffect(() => () => developed?.bitmap.close(), [developed]);
  return developed;
}
