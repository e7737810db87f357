import { Fragment, useEffect, useMemo, useRef, useState } from 'react';
import { inWrittenOrder } from '../../shared/texts/direction';
import { t } from '../../shared/texts/translate';
import { Button } from '../controls/button';
import { errorLines, stepLine } from '../model/log-errors';

interface Try {
  readonly attempt: number;
  readonly lines: readonly string[];
}

/**
 * What an engine printed for a frame, try by try. Lines that tell of an error are marked; that of a frame that failed
 * opens at the first error of its last try.
 */
export function LogLines({ tries, failed }: { tries: readonly Try[]; failed: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const all = useMemo(() => tries.flatMap(({ lines }) => lines), [tries]);
  const errors = useMemo(() => errorLines(all), [all]);
  const lastTry = all.length - (tries.at(-1)?.lines.length ?? 0);
  const [at, setAt] = useState<number | null>(null);
  const begin = failed ? (errors.find((line) => line >= lastTry) ?? null) : null;
  const shown = at ?? begin;

  useEffect(() => {
    const line = shown === null ? null : box.current?.querySelector(`[data-line="${shown}"]`);
    line?.scrollIntoView({ block: 'center' });
  }, [shown]);

  const marked = new Set(errors);
  let index = 0;
  return (
    <div ref={box}>
      {errors.length > 0 && (
        <div className="frame-log-errors">
          <span>{t('{count, plural, one {# error} other {# errors}}', { count: errors.length })}</span>
          <Button onClick={() => setAt(stepLine(errors, shown, -1))}>{t('Previous Error')}</Button>
          <Button onClick={() => setAt(stepLine(errors, shown, 1))}>{t('Next Error')}</Button>
        </div>
      )}
      {tries.map(({ attempt, lines }) => (
        <Fragment key={attempt}>
          {tries.length > 1 && <p className="frame-log-try">{t('Attempt {attempt}', { attempt: String(attempt) })}</p>}
          <pre>
            {lines.map((line) => {
              const here = index++;
              const isError = marked.has(here);
              return (
                <span
                  key={here}
                  data-line={isError ? here : undefined}
                  className={isError ? `frame-log-error ${here === shown ? 'frame-log-here' : ''}` : undefined}
                  aria-current={here === shown ? true : undefined}
                >
                  {inWrittenOrder(line)}
                  {'\n'}
                </span>
              );
            })}
          </pre>
        </Fragment>
      ))}
    </div>
  );
}
