import type { ReactNode } from 'react';
import { reachableHref } from '../model/reachable-href';

/** A link that an add-on gave: followed in a window of its own, and only if it leads to the web. */
export function SafeLink({
  href,
  className,
  children,
}: {
  href: string | undefined;
  className?: string;
  children: ReactNode;
}) {
  const reachable = href === undefined ? null : reachableHref(href, window.location);
  if (reachable === null) return <span className="selectable">{children}</span>;
  return (
    <a href={reachable} className={className} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
