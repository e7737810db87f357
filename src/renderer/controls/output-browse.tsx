import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { folderOf, joinPath, nameOf } from '../model/host-path';
import { Button } from './button';

/**
 * Chooses the folder of an output with the system's dialog, where the shell has one; the pattern of the file names
 * stays. It is no dialog for saving: that would ask to replace a file, and can't name a sequence.
 */
export function OutputBrowse({ output, onChange }: { output: string; onChange: (output: string) => void }) {
  const { client, actions } = useApp();
  const { pickFolder } = client;
  if (!pickFolder) return null;
  const browse = async (): Promise<void> => {
    try {
      const folder = await pickFolder(folderOf(output));
      if (folder !== null) onChange(joinPath(folder, nameOf(output)));
    } catch (error) {
      actions.tell('error', messageOf(error));
    }
  };
  return (
    <Button
      changes
      icon="folder"
      aria-label={t('Choose the output folder')}
      title={t('Choose the output folder')}
      onClick={() => void browse()}
    />
  );
}
