import { useMemo } from 'react';
import { rowOf } from '../../model/host-model';
import { useAppState } from '../../app-context';
import { differenceOf, withChannel } from './read-pixels';
import { frameBefore } from '../../model/compare-frames';
import type { ImageFailure } from '../../model/image-failure';
import type { ImageLook } from '../../model/image-viewing';
import { useFrameImage, type ShownImage } from '../use-frame-image';
import type { Picture } from './picture';

/** What an image is compared with, as far as it is there. */
export interface Comparison {
  readonly jobId: number;
  /** null where there is none before the one shown. */
  readonly frame: number | null;
  /** null while it is loaded, or where there is none. */
  readonly image: ShownImage | null;
  readonly failure: ImageFailure | null;
}

/** @param image that is shown; null while none is, or others are played */
export function useComparison(image: ShownImage | null): Comparison | null {
  const compared = useAppState((state) => state.compared);
  const before = useFrameBefore(compared === 'before' ? image : null);
  const of =
    compared === 'before'
      ? { jobId: image?.jobId ?? 0, frame: before }
      : compared && { jobId: compared.jobId, frame: compared.frame ?? image?.frame ?? null };
  const writtenAt = useAppState((state) => {
    if (of === null || of.frame === null) return null;
    return rowOf(state.model.frames.get(of.jobId), of.frame)?.writtenAt ?? null;
  });
  const other = useFrameImage(
    image && of && of.frame !== null ? { jobId: of.jobId, frame: of.frame, writtenAt } : null,
  );
  return image && of && { ...of, image: other.image, failure: other.failure };
}

function useFrameBefore(image: ShownImage | null): number | null {
  const text = useAppState((state) => (image ? state.model.jobs.byId.get(image.jobId)?.settings.frames : undefined));
  const frame = image?.frame;
  return useMemo(() => (text === undefined || frame === undefined ? null : frameBefore(text, frame)), [text, frame]);
}

/** The pictures that are drawn: with the channels that are looked at, and compared. */
export function useLook(
  image: Picture | null,
  other: Picture | null,
  { channel, mode, gain }: ImageLook,
): { picture: Picture | null; wiped: Picture | null } {
  // A picture's key names what is in it; its source may have been closed where the same was developed again.
  /* oxlint-disable react-hooks/exhaustive-deps */
  const picture = useMemo(
    () => image && (other && mode === 'difference' ? differenceOf(image, other, gain) : withChannel(image, channel)),
    [image?.key, image?.source, other?.key, other?.source, channel, mode, gain],
  );
  const wiped = useMemo(
    () => (other && mode === 'wipe' ? withChannel(other, channel) : null),
    [other?.key, other?.source, channel, mode],
  );
  /* oxlint-enable react-hooks/exhaustive-deps */
  return { picture, wiped };
}
