import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Dialog } from '../controls/dialog';
import { FileBrowser } from './file-browser';

/** Chooses a folder of the host's machine where the shell has no dialog of the system for that. */
export function FolderDialog() {
  const { actions } = useApp();
  const start = useAppState((state) => state.folderQuestion?.start);
  if (start === undefined) return null;
  const answer = async (folder: string | null): Promise<null> => {
    actions.answerFolder(folder);
    return null;
  };
  return (
    <Dialog title={t('Choose a Folder')} onClose={() => void answer(null)}>
      <FileBrowser
        choose="folder"
        start={start}
        confirm={t('Choose This Folder')}
        onChoose={answer}
        onClose={() => void answer(null)}
      />
    </Dialog>
  );
}
