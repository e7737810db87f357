import type { ReactNode } from 'react';
import './area.css';

/** One area of the window: a landmark with a header. */
export function Area({ name, className = '', tools, children, title }: { name: string; title?: ReactNode; className?: string; tools?: ReactNode; children: ReactNode }) {
  return (
    <section className={`area ${className}`} aria-label={name} data-area="">
      <header className="area-header">
        <h2 className="area-title">{title ?? name}</h2>
        {tools && <div className="area-tools">{tools}</div>}
      </header>
      {children}
    </section>
  );
}
