import './cut-text.css';

/** Characters at the end that stay: a version, the number of a shot, what an extension says. */
const KEPT = 8;

/** A name in one line. Where it has no room it is cut before its end, by which names of one production differ. */
export function CutText({ text }: { text: string }) {
  const characters = [...text];
  if (characters.length <= 2 * KEPT) return text;
  return (
    <span className="cut-text">
      <span className="cut-start">{characters.slice(0, -KEPT).join('')}</span>
      <span className="cut-end">{characters.slice(-KEPT).join('')}</span>
    </span>
  );
}
