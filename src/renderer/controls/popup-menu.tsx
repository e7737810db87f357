import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { MenuList, menuItemsIn, type MenuItems } from './menu-list';
import './popup-menu.css';

interface Props {
  label: string;
  items: MenuItems;
  /** Where its upper left corner goes, in pixels of the window; it moves in where it would not fit. */
  at: { readonly x: number; readonly y: number };
  onClose: () => void;
}

/** Where the menu of a button goes: below it. */
export function below(button: Element): Props['at'] {
  const { left, bottom } = button.getBoundingClientRect();
  return { x: left, y: bottom + 2 };
}

/**
 * A menu over everything else, for a button or the second mouse button. Focus goes into it, and back to where it was.
 */
export function PopupMenu({ label, items, at, onClose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [position, setPosition] = useState(at);
  const before = useRef<Element | null>(null);
  useLayoutEffect(() => {
    const { width, height } = box.current!.getBoundingClientRect();
    setPosition({
      x: Math.max(4, Math.min(at.x, window.innerWidth - width - 4)),
      y: Math.max(4, Math.min(at.y, window.innerHeight - height - 4)),
    });
  }, [at, items.length]);
  useEffect(() => {
    before.current ??= document.activeElement;
    menuItemsIn(box.current!)[0]?.focus({ focusVisible: false } as FocusOptions);
    const onPointer = (event: PointerEvent): void => {
      if (!(event.target instanceof Node) || !box.current?.contains(event.target)) onClose();
    };
    window.addEventListener('pointerdown', onPointer, true);
    window.addEventListener('blur', onClose);
    window.addEventListener('resize', onClose);
    return () => {
      window.removeEventListener('pointerdown', onPointer, true);
      window.removeEventListener('blur', onClose);
      window.removeEventListener('resize', onClose);
    };
    // Whoever closes is asked at the time.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const close = (): void => {
    onClose();
    if (before.current instanceof HTMLElement) before.current.focus();
  };
  return createPortal(
    <div
      className="popup-menu"
      ref={box}
      style={{ left: position.x, top: position.y }}
      onContextMenu={(event) => event.preventDefault()}
      onBlur={(event) => {
        if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) onClose();
      }}
    >
      <MenuList label={label} items={items} onClose={close} />
    </div>,
    // Whatever is on a page belongs to one of its landmarks.
    document.querySelector('main') ?? document.body,
  );
}
