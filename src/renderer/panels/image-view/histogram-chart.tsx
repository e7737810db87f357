import { useMemo } from 'react';
import { t } from '../../../shared/texts/translate';
import { histogramFacts, histogramOf } from '../../model/image-pixels';
import type { Picture } from './picture';
import { pixelsOf } from './read-pixels';

const HEIGHT = 64;

/** How often each value occurs, for red, green, blue and luma; high counts are drawn lower than in proportion. */
export function HistogramChart({ picture }: { picture: Picture }) {
  const histogram = useMemo(() => {
    const pixels = pixelsOf(picture);
    return pixels && histogramOf(pixels);
    // The key names what is in it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [picture.key]);
  if (!histogram) return null;
  const { black, white, median } = histogramFacts(histogram);
  // Large areas of pure black or white would flatten everything else.
  const most = Math.sqrt(
    Math.max(1, ...[histogram.red, histogram.green, histogram.blue].flatMap((counts) => [...counts.subarray(1, 255)])),
  );
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return (
    <figure className="histogram">
      <svg
        viewBox={`0 0 256 ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('Histogram: {black} black, {white} white, median {median}', {
          black: percent(black),
          white: percent(white),
          median: String(median),
        })}
      >
        {(['luma', 'red', 'green', 'blue'] as const).map((name) => (
          <path key={name} className={`histogram-${name}`} d={outline(histogram[name], most)} />
        ))}
      </svg>
      <figcaption>
        <span>{t('Black {share}', { share: percent(black) })}</span>
        <span>{t('Median {value}', { value: String(median) })}</span>
        <span>{t('White {share}', { share: percent(white) })}</span>
      </figcaption>
    </figure>
  );
}

function outline(counts: Uint32Array, most: number): string {
  const points = [...counts].map((count, value) => {
    const height = Math.min(1, Math.sqrt(count) / most) * (HEIGHT - 2);
    return `${value} ${(HEIGHT - height).toFixed(1)}`;
  });
  return `M0 ${HEIGHT}L${points.join('L')}L255 ${HEIGHT}Z`;
}
