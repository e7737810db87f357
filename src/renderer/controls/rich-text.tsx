import { Fragment, type ReactNode } from 'react';
import { t } from '../../shared/texts/translate';

/** A text of the catalogue with elements in the places of its placeholders, which a language may order as it likes. */
export function richText(text: string, elements: Readonly<Record<string, ReactNode>>): ReactNode {
  // A character that no text contains parts them.
  const marked = Object.fromEntries(Object.keys(elements).map((name) => [name, `\0${name}\0`]));
  return t(text, marked)
    .split('\0')
    .map((part, index) => <Fragment key={index}>{index % 2 === 1 ? elements[part] : part}</Fragment>);
}
