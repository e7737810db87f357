import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { MenuList, menuItemsIn, type MenuItems } from './menu-list';
import './menu-bar.css';

export interface Menu {
  readonly label: string;
  readonly items: MenuItems;
}

/** Menus by the rules of the ARIA menu bar pattern: one tab stop, arrow keys inside, Esc and leaving close. */
export function MenuBar({ menus, label }: { menus: readonly Menu[]; label: string }) {
  const bar = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<number | null>(null);
  const [stop, setStop] = useState(0);

  const heads = (): HTMLElement[] => [...bar.current!.querySelectorAll<HTMLElement>('[data-menu-head]')];
  const items = (): HTMLElement[] => [...bar.current!.querySelectorAll('[role="menu"]')].flatMap(menuItemsIn);

  const toHead = (index: number): void => {
    const next = (index + menus.length) % menus.length;
    setStop(next);
    heads()[next]!.focus();
    if (open !== null) setOpen(next);
  };
  const enter = (index: number, last = false): void => {
    setOpen(index);
    setStop(index);
    requestAnimationFrame(() =>
      items()
        .at(last ? -1 : 0)
        ?.focus(),
    );
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
            <div className="menu-drop">
              <MenuList
                label={menu.label}
                items={menu.items}
                onClose={close}
                onSide={(by) => enter((index + by + menus.length) % menus.length)}
              />
            </div>
          )}
        </div>
      ))}
    </div>
  );
}
