import { useLayoutEffect, useRef, useState } from 'react';
import { cutTo } from '../../shared/shortened';
import { t } from '../../shared/texts/translate';
import { inWrittenOrder } from '../../shared/texts/direction';
import { Button } from './button';
import './folded-text.css';

/** Characters that tell a text from others. */
export const NAMED = 60;

/**
 * A sentence of at most three lines, and a button that unfolds it where there are more. A screen reader gets all of it
 * in any case. Give it its text as key: another one begins folded, and is measured anew.
 */
export function FoldedText({ text }: { text: string }) {
  const words = useRef<HTMLParagraphElement>(null);
  const [folded, setFolded] = useState(true);
  const [isLong, setLong] = useState(false);
  useLayoutEffect(() => {
    const element = words.current!;
    // Unfolded it fits, and the button that folds it stays.
    if (!folded) return undefined;
    const measure = (): void => setLong(element.scrollHeight > element.clientHeight + 1);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [folded]);
  return (
    <div className={`folded-text ${folded ? 'folded-text-folded' : ''}`}>
      <p ref={words} className="folded-words selectable">
        {inWrittenOrder(text)}
      </p>
      {isLong && (
        <Button
          kind="bare"
          icon="chevron"
          className="folded-toggle"
          aria-expanded={!folded}
          aria-label={t('Whole text: {text}', { text: cutTo(text, NAMED) })}
          title={t('Whole text')}
          onClick={() => setFolded(!folded)}
        />
      )}
    </div>
  );
}
