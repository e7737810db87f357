import { useId, useRef, type KeyboardEvent } from 'react';
import { t } from '../../shared/texts/translate';
import { keyWords } from '../model/key-words';
import { useReadOnly } from '../read-only';
import { Icon } from './icon';
import './menu-list.css';

export interface MenuItem {
  /** By which it is known outside of the window; else its label is. */
  readonly id?: string;
  readonly label: string;
  /** As shown; the keys themselves are bound elsewhere. */
  readonly keys?: string;
  readonly disabled?: boolean;
  /** What the pointer is told of it. */
  readonly title?: string;
  /** Whether it is turned on; without this it is nothing to turn on or off. */
  readonly checked?: boolean;
  /** It asks the host to change something, which the read token does not allow. */
  readonly changes?: boolean;
  readonly run: () => void;
}

/** The name of the items below it. */
export interface MenuHeading {
  readonly heading: string;
}

/** null stands for a line between groups of items. */
export type MenuItems = readonly (MenuItem | MenuHeading | null)[];

interface Props {
  label: string;
  items: MenuItems;
  /** An item was chosen, or Esc pressed: focus goes back to where the menu came from. */
  onClose: () => void;
  /** Left and right arrow keys, where menus lie side by side. */
  onSide?: (by: 1 | -1) => void;
}

/**
 * The items of one menu, by the rules of the ARIA menu pattern: arrow keys and first letters move, Enter chooses, Esc
 * closes.
 */
export function MenuList({ label, items, onClose, onSide }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const readOnly = useReadOnly();
  // What is nothing to turn on stands in line with what is.
  const checks = items.some((item) => item !== null && 'checked' in item && item.checked !== undefined);
  const isDisabled = (item: MenuItem): boolean =>
    item.disabled === true || (item.changes === true && readOnly !== null);
  const whyId = useId();
  const refuses =
    readOnly !== null && items.some((item) => item !== null && 'changes' in item && item.changes === true);
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = menuItemsIn(list.current!);
    const at = all.indexOf(event.target as HTMLElement);
    const letter =
      event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey ? event.key.toLowerCase() : null;
    if (event.key === 'ArrowDown') all[(at + 1) % all.length]?.focus();
    else if (event.key === 'ArrowUp') all.at(Math.max(at, 0) - 1)?.focus();
    else if (event.key === 'Home') all[0]?.focus();
    else if (event.key === 'End') all.at(-1)?.focus();
    else if (event.key === 'ArrowRight' && onSide) onSide(1);
    else if (event.key === 'ArrowLeft' && onSide) onSide(-1);
    else if (event.key === 'Escape') onClose();
    else if (letter !== null && letter !== ' ')
      [...all.slice(at + 1), ...all.slice(0, at)]
        .find((item) => item.textContent.toLowerCase().startsWith(letter))
        ?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="menu-list" role="menu" aria-label={label} ref={list} tabIndex={-1} onKeyDown={onKeyDown}>
      {items.map((item, index) =>
        item === null ? (
          <hr key={`line-${index}`} className="menu-line" />
        ) : 'heading' in item ? (
          <p key={`heading-${index}`} className="menu-heading">
            {item.heading}
          </p>
        ) : (
          <button
            type="button"
            key={`${index} ${item.label}`}
            className="row menu-item"
            role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
            aria-checked={item.checked}
            tabIndex={-1}
            aria-disabled={isDisabled(item)}
            title={item.changes && readOnly !== null ? readOnly : item.title}
            aria-describedby={item.changes && readOnly !== null ? whyId : undefined}
            aria-keyshortcuts={item.keys
              ?.replace('Ctrl', 'Control')
              .replace('Esc', 'Escape')
              .replace('Del', 'Delete')
              .replace('↑', 'ArrowUp')
              .replace('↓', 'ArrowDown')}
            onPointerMove={(event) => {
              // A menu that opens under a pointer at rest is left to the keyboard.
              if (event.movementX !== 0 || event.movementY !== 0)
                event.currentTarget.focus({ focusVisible: false } as FocusOptions);
            }}
            onClick={() => {
              if (isDisabled(item)) return;
              onClose();
              item.run();
            }}
          >
            <span>
              {checks && <span className="menu-check">{item.checked && <Icon name="check" />}</span>}
              {item.label}
            </span>
            {item.keys && <kbd aria-hidden="true">{keyWords(item.keys)}</kbd>}
          </button>
        ),
      )}
      {refuses && (
        <p className="menu-heading menu-why" id={whyId}>
          {t('View only: changes need the control token.')}
        </p>
      )}
    </div>
  );
}

export function menuItemsIn(element: Element): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}
