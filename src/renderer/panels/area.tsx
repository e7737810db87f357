import type { ReactNode } from 'react';
import './area.css';

/**
 * One area of the window: a landmark with a header. `lead`: controls beside the title; `tools`: at the header's end.
 */
export function Area({
  name,
  className = '',
  lead,
  tools,
  children,
  title,
}: {
  name: string;
  title?: ReactNode;
  className?: string;
  lead?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={`area ${className}`} aria-label={name} data-area="">
      <header className="area-header">
        <h2 className="area-title" title={title ? undefined : name}>
          {title ?? name}
        </h2>
        {lead && <div className="area-lead">{lead}</div>}
        {tools && <div className="area-tools">{tools}</div>}
      </header>
      {children}
    </section>
  );
}
