import { inWrittenOrder, isFromTheRight } from '../../shared/texts/direction';
import './cut-text.css';

/** Characters at the end that stay: a version, the number of a shot, what an extension says. */
const KEPT = 8;
/** What a reader takes for one character: a letter with its accents, an emoji with its joiners. */
const CHARACTERS = new Intl.Segmenter();

/**
 * A name in one line. Where it has no room it is cut before its end, by which names of one production differ. One with
 * letters that are read from the right is cut at its end: two pieces beside each other would mix up its order.
 */
export function CutText({ text }: { text: string }) {
  if (isFromTheRight(text)) return <bdi className="cut-whole">{inWrittenOrder(text)}</bdi>;
  if (text.length <= 2 * KEPT) return text;
  const starts = Array.from(CHARACTERS.segment(text), ({ index }) => index);
  if (starts.length <= 2 * KEPT) return text;
  const cut = starts.at(-KEPT)!;
  return (
    <span className="cut-text">
      {/* Read and found as one text; the pieces are only drawn. */}
      <span className="visually-hidden">{text}</span>
      <span className="cut-start" aria-hidden="true" data-text={text.slice(0, cut)} />
      <span className="cut-end" aria-hidden="true" data-text={text.slice(cut)} />
    </span>
  );
}
