import { t } from '../../shared/texts/translate';
import { Dialog } from '../controls/dialog';
import './small-dialogs.css';

/** Text to copy by hand, selected already, where the page may not use the clipboard. */
export function CopyDialog({
  title,
  text,
  note,
  onClose,
}: {
  title: string;
  text: string;
  note?: string | undefined;
  onClose: () => void;
}) {
  return (
    <Dialog title={title} size="medium" onClose={onClose}>
      <div className="small-form">
        <p>{t('This page may not use the clipboard: press Ctrl+C to copy what is selected.')}</p>
        <textarea
          className="input copy-text"
          aria-label={t('Text to copy')}
          readOnly
          rows={text.split('\n').length}
          value={text}
          data-autofocus=""
          spellCheck={false}
          onFocus={(event) => event.currentTarget.select()}
        />
        {note && <p className="dim">{note}</p>}
      </div>
    </Dialog>
  );
}
