import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import './menu-bar.css';

export interface MenuItem {
  readonly label: string;
  /** As shown; the keys themselves are bound elsewhere. */
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly run: () => void;
}

export interface Menu {
  readonly label: string;
  readonly items: readonly MenuItem[];
}

/** Menus by the rules of the ARIA menu bar pattern: one tab stop, arrow keys inside, Esc and leaving close. */
export function MenuBar({ menus, label }: { menus: readonly Menu[]; label: string }) {
  const bar = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<number | null>(null);
  const [stop, setStop] = useState(0);

  const heads = (): HTMLElement[] => [...bar.current!.querySelectorAll<HTMLElement>('[data-menu-head]')];
  const items = (): HTMLElement[] => [...bar.current!.querySelectorAll<HTMLElement>('[role="menu"] [role="menuitem"]')];

  const toHead = (index: number): void => {
    const next = (index + menus.length) % menus.length;
    setStop(next);
    heads()[next]!.focus();
    if (open !== null) setOpen(next);
  };
  const enter = (index: number, last = false): void => {
    setOpen(index);
    setStop(index);
    requestAnimationFrame(() => items().at(last ? -1 : 0)?.focus());
  };
  const close = (): void => {
    if (open !== null) heads()[open]?.focus();
    setOpen(null);
  };

  useEffect(() => {
    if (open === null) return undefined;
    const onPointer = (event: PointerEvent): void => {
      if (!(event.target instanceof Element) || event.target.closest('[role="menubar"]') === null) setOpen(null);
    };
    window.addEventListener('pointerdown', onPointer);
    return () => window.removeEventListener('pointerdown', onPointer);
  }, [open]);

  const onHeadKey = (event: KeyboardEvent, index: number): void => {
    if (event.key === 'ArrowRight') toHead(index + 1);
    else if (event.key === 'ArrowLeft') toHead(index - 1);
    else if (event.key === 'ArrowDown' || event.key === 'Enter' || event.key === ' ') enter(index);
    else if (event.key === 'ArrowUp') enter(index, true);
    else if (event.key === 'Escape' && open !== null) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onItemKey = (event: KeyboardEvent, menu: number): void => {
    const all = items();
    const at = all.indexOf(event.target as HTMLElement);
    const letter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey ? event.key.toLowerCase() : null;
    if (event.key === 'ArrowDown') all[(at + 1) % all.length]?.focus();
    else if (event.key === 'ArrowUp') all.at(at - 1)?.focus();
    else if (event.key === 'Home') all[0]?.focus();
    else if (event.key === 'End') all.at(-1)?.focus();
    else if (event.key === 'ArrowRight') enter((menu + 1) % menus.length);
    else if (event.key === 'ArrowLeft') enter((menu + menus.length - 1) % menus.length);
    else if (event.key === 'Escape') close();
    else if (letter !== null && letter !== ' ') [...all.slice(at + 1), ...all.slice(0, at)].find((item) => item.textContent.toLowerCase().startsWith(letter))?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      className="menu-bar"
      role="menubar"
      aria-label={label}
      ref={bar}
      onBlur={(event) => {
        if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) setOpen(null);
      }}
    >
      {menus.map((menu, index) => (
        <div className="menu" key={menu.label} role="none">
          <button
            type="button"
            className="menu-head"
            role="menuitem"
            data-menu-head=""
            aria-haspopup="menu"
            aria-expanded={open === index}
            tabIndex={stop === index ? 0 : -1}
            onClick={() => (open === index ? setOpen(null) : (setOpen(index), setStop(index)))}
            onPointerEnter={() => open !== null && setOpen(index)}
            onKeyDown={(event) => onHeadKey(event, index)}
          >
            {menu.label}
          </button>
          {open === index && (
            <div className="menu-list" role="menu" aria-label={menu.label}>
              {menu.items.map((item) => (
                <button
                  type="button"
                  key={item.label}
                  className="menu-item"
                  role="menuitem"
                  tabIndex={-1}
                  aria-disabled={item.disabled ?? false}
                  aria-keyshortcuts={item.keys?.replace('Ctrl', 'Control').replace('Esc', 'Escape')}
                  onPointerEnter={(event) => event.currentTarget.focus({ focusVisible: false } as FocusOptions)}
                  onKeyDown={(event) => onItemKey(event, index)}
                  onClick={() => {
                    if (item.disabled) return;
                    close();
                    item.run();
                  }}
                >
                  <span>{item.label}</span>
                  {item.keys && <kbd aria-hidden="true">{item.keys}</kbd>}
                </button>
              ))}
            </div>
          )}
        </div>
      ))}
    </div>
  );
}
