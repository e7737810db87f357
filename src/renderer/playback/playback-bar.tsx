import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { PLAY_SPEEDS } from '../model/view-settings';
import { isPlayable, shownRange } from './play-source';
import './playback.css';

/** The controls of playback, as in the header of Blender's timeline. */
export function PlaybackBar() {
  const { actions } = useApp();
  const direction = useAppState(({ playback }) => Math.sign(playback?.speed ?? 0));
  const speed = useAppState(({ view, playback }) => Math.abs(playback?.speed ?? view.playback.speed));
  const { loop, skipGaps } = useAppState((state) => state.view.playback);
  const range = useAppState(shownRange);
  const playable = useAppState(isPlayable);
  const speeds: readonly number[] = PLAY_SPEEDS.some((one) => one === speed) ? PLAY_SPEEDS : [...PLAY_SPEEDS, speed];
  return (
    <div className="playback-bar" role="group" aria-label={t('Playback')}>
      <Button
        kind="bare"
        icon="first"
        aria-label={t('First frame')}
        title={t('Go to the first frame (Home)')}
        disabled={!playable}
        onClick={() => actions.jump('first')}
      />
      <Button
        kind="bare"
        icon={direction < 0 ? 'pause' : 'reverse'}
        aria-label={t('Play backwards')}
        aria-pressed={direction < 0}
        title={t('Play backwards (J)')}
        disabled={!playable}
        onClick={() => actions.shuttle(direction < 0 ? 'k' : 'j')}
      />
      <Button
        kind="bare"
        icon={direction > 0 ? 'pause' : 'play'}
        aria-label={t('Play')}
        aria-pressed={direction > 0}
        title={t('Play what has been rendered (Space)')}
        disabled={!playable}
        onClick={() => (direction < 0 ? actions.shuttle('l') : actions.togglePlay())}
      />
      <Button
        kind="bare"
        icon="next"
        aria-label={t('Last frame')}
        title={t('Go to the last frame (End)')}
        disabled={!playable}
        onClick={() => actions.jump('last')}
      />
      <Button
        kind="bare"
        className="playback-more"
        icon="loop"
        aria-label={t('Loop')}
        aria-pressed={loop}
        title={t('Begin again at the end')}
        onClick={() => actions.setPlayback({ loop: !loop })}
      />
      <Button
        kind="bare"
        className="playback-more"
        icon="gaps"
        aria-label={t('Skip gaps')}
        aria-pressed={skipGaps}
        title={t('Leave out frames without an image')}
        onClick={() => actions.setPlayback({ skipGaps: !skipGaps })}
      />
      <Button
        kind="bare"
        className="playback-more"
        icon="rangeStart"
        aria-label={t('Start of the range')}
        aria-pressed={range.start !== null}
        title={
          range.start === null
            ? t('Play from this frame on (I)')
            : t('Plays from frame {frame} on: press there again to let go (I)', { frame: String(range.start) })
        }
        disabled={!playable}
        onClick={() => actions.setPlayEnd('start')}
      />
      <Button
        kind="bare"
        className="playback-more"
        icon="rangeEnd"
        aria-label={t('End of the range')}
        aria-pressed={range.end !== null}
        title={
          range.end === null
            ? t('Play up to this frame (O)')
            : t('Plays up to frame {frame}: press there again to let go (O)', { frame: String(range.end) })
        }
        disabled={!playable}
        onClick={() => actions.setPlayEnd('end')}
      />
      <select
        className="input select playback-speed playback-more"
        aria-label={t('Speed')}
        title={t('Speed, times the frame rate')}
        value={speed}
        onChange={({ target }) => {
          const chosen = PLAY_SPEEDS.find((one) => one === Number(target.value));
          if (chosen !== undefined) actions.setPlayback({ speed: chosen });
        }}
      >
        {speeds.map((one) => (
          <option key={one} value={one}>
            {`${one}×`}
          </option>
        ))}
      </select>
      <PlaybackRate />
    </div>
  );
}

/** Pictures a second, in red where they fall behind as in Blender, and how many were dropped. */
function PlaybackRate() {
  const playing = useAppState(({ playback }) => playback !== null);
  const behind = useAppState(({ playback }) => playback?.behind ?? false);
  const dropped = useAppState(({ playback }) => playback?.dropped ?? 0);
  const proxy = useAppState(({ playback }) => playback?.proxy ?? null);
  const rate = useAppState(({ playback }) => {
    if (!playback) return '';
    return (playback.behind ? playback.shown! : playback.wanted).toFixed(playback.behind ? 1 : 0);
  });
  if (!playing) return null;
  return (
    <p className="playback-rate">
      <span className={behind ? 'playback-behind' : ''}>{t('fps: {rate}', { rate })}</span>
      {dropped > 0 && <span className="playback-dropped">{t('dropped {count}', { count: dropped })}</span>}
      {proxy !== null && (
        <span
          title={t(
            'Played from smaller copies of the images, which are decoded in time. The image itself is shown when it stops.',
          )}
        >
          {t('proxy {size} px', { size: String(proxy) })}
        </span>
      )}
    </p>
  );
}
