import { t } from '../../../shared/texts/translate';
import { useApp, useAppState } from '../../app-context';
import { Button } from '../../controls/button';
import { describeImageFailure } from '../../model/image-failure';
import type { ImageLook } from '../../model/image-viewing';
import type { Comparison } from './use-comparison';

const GAINS = [1, 2, 4, 8, 16, 32, 64];

/** What the image is compared with, and how. */
export function CompareBar({
  comparison: { jobId, frame, failure },
  look,
  onLook,
}: {
  comparison: Comparison;
  look: ImageLook;
  onLook: (change: Partial<ImageLook>) => void;
}) {
  const { actions } = useApp();
  const job = useAppState((state) => state.model.jobs.byId.get(jobId)?.name ?? String(jobId));
  const values = { job, frame: String(frame) };
  return (
    <div className="compare-bar" role="group" aria-label={t('Compare')}>
      <p className="compare-subject" role="status">
        {frame === null
          ? t('There is no frame before this one.')
          : failure === null
            ? t('Compared with {job}, frame {frame}', values)
            : failure.kind === 'gone'
              ? t('There is no image of frame {frame} of {job}.', values)
              : describeImageFailure(failure, frame)}
      </p>
      <Button kind="bare" aria-pressed={look.mode === 'wipe'} onClick={() => onLook({ mode: 'wipe' })}>
        {t('Wipe')}
      </Button>
      <Button kind="bare" aria-pressed={look.mode === 'difference'} onClick={() => onLook({ mode: 'difference' })}>
        {t('Difference')}
      </Button>
      {look.mode === 'difference' && (
        <select
          className="input compare-gain"
          aria-label={t('Gain')}
          value={look.gain}
          onChange={(event) => onLook({ gain: Number(event.currentTarget.value) })}
        >
          {GAINS.map((gain) => (
            <option key={gain} value={gain}>
              {`× ${gain}`}
            </option>
          ))}
        </select>
      )}
      <Button
        kind="bare"
        icon="cross"
        aria-label={t('Stop comparing')}
        title={t('Stop comparing')}
        onClick={() => actions.compareWith(null)}
      />
    </div>
  );
}
