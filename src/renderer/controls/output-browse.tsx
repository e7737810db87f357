import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { folderOf, joinPath, nameOf } from '../model/host-path';
import { Button } from './button';

/**
 * Chooses the folder of an output; the pattern of the file names stays. It is no dialog for saving: that would ask to
 * replace a file, and can't name a sequence.
 */
export function OutputBrowse({ output, onChange }: { output: string; onChange: (output: string) => void }) {
  const { actions } = useApp();
  const browse = async (): Promise<void> => {
    const folder = await actions.pickFolder(folderOf(output));
    if (folder !== null) onChange(joinPath(folder, nameOf(output)));
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
