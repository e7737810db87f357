import type { ReactNode } from 'react';

/** A link that an add-on gave: followed in a window of its own, and only if it leads to the web. */
export function SafeLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (href === undefined || !/^https?:\/\//i.test(href)) return <span className="selectable">{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
