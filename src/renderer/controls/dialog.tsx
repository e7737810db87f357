import { useEffect, useId, useRef, type ReactNode } from 'react';
import { t } from '../../shared/texts/translate';
import { Button } from './button';
import './dialog.css';

interface Props {
  title: string;
  onClose: () => void;
  size?: 'small' | 'medium' | 'large';
  children: ReactNode;
}

/**
 * A modal dialog. The browser's own `<dialog>` keeps focus inside, closes on Esc and gives focus back; it begins at
 * what is marked `data-autofocus`, else at the first field.
 */
export function Dialog({ title, onClose, size = 'medium', children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current!;
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    (
      dialog.querySelector<HTMLElement>('[data-autofocus]') ?? dialog.querySelector<HTMLElement>('[data-field]')
    )?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={`dialog dialog-${size}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // That of a dialog above this one comes by here too.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        // The backdrop belongs to the dialog element itself.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog-frame">
        <header className="dialog-header">
          <h2 id={titleId}>{title}</h2>
          <Button kind="bare" icon="cross" aria-label={t('Close')} onClick={onClose} />
        </header>
        <div className="dialog-body">{children}</div>
      </div>
    </dialog>
  );
}
