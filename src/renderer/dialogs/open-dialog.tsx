import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { Dialog } from '../controls/dialog';
import { FileBrowser } from './file-browser';

/** Opens a scene of the host's machine. */
export function OpenDialog() {
  const { actions } = useApp();
  const close = (): void => actions.showDialog(null);
  const open = async (scene: string): Promise<string | null> => {
    const wrong = await actions.openScene(scene);
    if (wrong === null) close();
    return wrong;
  };
  return (
    <Dialog title={t('Open Scene')} onClose={close}>
      <FileBrowser choose="scene" start={null} confirm={t('Open')} onChoose={open} onClose={close} />
    </Dialog>
  );
}
