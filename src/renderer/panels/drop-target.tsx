import { useEffect, useState } from 'react';
import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { Icon } from '../controls/icon';
import { useReadOnly } from '../read-only';
import './drop-target.css';

/** Opens what is dropped anywhere on the window; with the read token it says over the window why nothing is taken. */
export function DropTarget() {
  const { actions } = useApp();
  const readOnly = useReadOnly();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const onOver = (event: DragEvent): void => {
      // A job that is being dragged belongs to the queue.
      if (event.defaultPrevented) return;
      // Otherwise the browser would leave this page for the file.
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = hasFiles(event) && readOnly === null ? 'copy' : 'none';
      setOver(hasFiles(event));
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      const isFolder = event.dataTransfer?.items[0]?.webkitGetAsEntry()?.isDirectory ?? false;
      if (files.length > 0 && readOnly === null) void actions.dropFiles(files, isFolder);
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [actions, readOnly]);
  if (!over) return null;
  return (
    <div className="drop-target" aria-hidden="true">
      <p>
        <Icon name={readOnly === null ? 'cube' : 'info'} />
        {readOnly ??
          t('Drop a scene (.blend, .glb, .gltf) to open it, several to queue them, or an add-on (.zip) to install it')}
      </p>
    </div>
  );
}
