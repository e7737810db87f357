import { t } from '../../shared/texts/translate';
import { areaInSight, shownFrame, shownJob, shownWorkspace, type AppState } from '../app-store';
import { jumpTarget, shuttle, withEnd, WHOLE_RANGE } from '../model/playback';
import { nextMarked } from '../model/frame-marks';
import { saveViewSettings, type PlaybackSettings } from '../model/view-settings';
import { createDecoder } from '../playback/decoder';
import { createPlaySource, isPlayable, shownRange } from '../playback/play-source';
import { createProxyMaker } from '../playback/make-proxies';
import { createPlayer } from '../playback/player';
import type { PictureFeed } from '../playback/played-pictures';
import type { ActionContext } from './action-context';

/** Playing what has been rendered, and going to frames. */
export function createPlaybackActions({ client, store, set, tell, settle }: ActionContext, feed: PictureFeed) {
  const source = createPlaySource(store.getState);
  const player = createPlayer({
    source,
    feed,
    decoder: createDecoder(),
    load: (jobId, frame, size) => client.image(jobId, frame, size),
    report: (playback) => set({ playback }),
    ended: (frame) => set({ playback: null, ...(frame === null ? {} : { pinnedFrame: frame }) }),
    nextFrame(callback) {
      const handle = requestAnimationFrame(() => callback(performance.now()));
      return () => cancelAnimationFrame(handle);
    },
  });
  const proxies = createProxyMaker({
    wanted() {
      const state = store.getState();
      const busy = state.playback !== null || state.model.jobs.rendering.length > 0;
      if (busy || document.hidden || state.connection.kind !== 'connected' || shownWorkspace(state) !== 'render')
        return null;
      const frame = shownFrame(state);
      const there = frame !== null && isPlayable(state) ? source() : null;
      return there && there.frames.count > 0 ? { source: there, from: frame!, side: feed.side() } : null;
    },
    load: (jobId, frame, size) => client.image(jobId, frame, size),
  });
  /** What was shown before; Esc goes back to it. */
  let before: Pick<AppState, 'subject' | 'pinnedFrame'> | null = null;

  function play(speed: number): void {
    const state = store.getState();
    const there = source();
    if (!there || there.frames.count === 0 || !isPlayable(state))
      return tell('info', t('There is nothing to play yet: the job shown has no images.'), {
        topic: 'playback',
        passing: true,
      });
    settle('playback');
    const from = shownFrame(state) ?? there.frames.frameAt(0);
    if (!state.playback) {
      before = { subject: state.subject, pinnedFrame: state.pinnedFrame };
      // What is played stays the subject.
      set({ pinnedFrame: from });
    }
    player.play(speed, from);
  }

  function stop(): void {
    const { playback } = store.getState();
    if (!playback) return;
    player.stop();
    set({ playback: null, pinnedFrame: playback.frame });
  }

  /** null follows the frame last written. */
  function showFrame(frame: number | null): void {
    if (frame !== null && store.getState().playback) return player.seek(frame);
    if (store.getState().playback) stop();
    set({ pinnedFrame: frame });
  }

  /** Shows a frame of a job for itself: nothing is played any more, and its image is in sight. */
  function openFrame(jobId: number, frame: number): void {
    const state = store.getState();
    if (state.playback) player.stop();
    set({
      ...areaInSight(state, 'viewer'),
      playback: null,
      subject: { kind: 'job', id: jobId },
      pinnedFrame: frame,
    });
  }

  /** Plays on from the frame shown, or stops there. */
  function togglePlay(): void {
    const { playback, view } = store.getState();
    if (playback) stop();
    else play(view.playback.speed);
  }

  return {
    showFrame,
    openFrame,
    togglePlay,
    /** The same, where the images can be seen. */
    playInSight(): void {
      togglePlay();
      const state = store.getState();
      if (state.playback) set(areaInSight(state, 'viewer'));
    },
    /** The image shown, or its size on the screen, is another: what it would be played from is made ahead. */
    makeProxies: proxies.look,
    /** J, K and L. */
    shuttle(key: 'j' | 'k' | 'l'): void {
      const { playback, view } = store.getState();
      const next = shuttle((playback?.speed ?? 0) / view.playback.speed, key);
      if (next === 0) stop();
      else play(next * view.playback.speed);
    },
    /** Goes back to where it was played from. */
    cancelPlaying(): void {
      if (!store.getState().playback) return;
      player.stop();
      set({ playback: null, ...before });
    },
    stopPlaying: stop,
    /** Goes to another frame among those that are played. */
    jump(to: 'first' | 'last' | 'before' | 'after'): void {
      const frames = source()?.frames;
      const here = shownFrame(store.getState());
      if (!frames || frames.count === 0 || here === null) return;
      // Step by step is not played.
      if (to === 'before' || to === 'after') stop();
      showFrame(jumpTarget(frames, here, to));
    },
    /** Goes to the next frame that failed or looks wrong, or to the one before; round at the end. */
    goToMark(by: 1 | -1): void {
      const state = store.getState();
      const job = shownJob(state);
      const table = job ? state.model.frames.get(job.id) : undefined;
      const frame = nextMarked(table, shownFrame(state) ?? 0, by);
      if (frame === null) return;
      stop();
      set({ pinnedFrame: frame });
    },
    setPlayback(change: Partial<PlaybackSettings>): void {
      const { view, playback } = store.getState();
      const next = { ...view, playback: { ...view.playback, ...change } };
      saveViewSettings(next, localStorage);
      set({ view: next });
      if (playback && change.speed !== undefined) play(Math.sign(playback.speed) * change.speed);
    },
    /** Begins or ends what is played at the frame shown; pressed there again, lets go of that end. */
    setPlayEnd(end: 'start' | 'end'): void {
      const state = store.getState();
      const job = shownJob(state);
      const frame = shownFrame(state);
      if (!job || frame === null) return;
      const range = shownRange(state);
      const next = range[end] === frame ? { ...range, [end]: null } : withEnd(range, end, frame);
      set({ playRange: { jobId: job.id, range: next.start === null && next.end === null ? WHOLE_RANGE : next } });
    },
    clearPlayRange(): void {
      set({ playRange: null });
    },
  };
}
