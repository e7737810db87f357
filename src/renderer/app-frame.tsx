import { useAppState } from './app-context';
import { isAreaShown, shownWorkspace } from './app-store';
import { useCommands } from './commands';
import { AboutDialog } from './dialogs/about-dialog';
import { AddonConsentDialog } from './dialogs/addon-consent-dialog';
import { ClearFinishedDialog } from './dialogs/clear-finished-dialog';
import { ConflictDialog } from './dialogs/conflict-dialog';
import { DeleteJobDialog } from './dialogs/delete-job-dialog';
import { DeleteJobsDialog } from './dialogs/delete-jobs-dialog';
import { EditJobDialog } from './dialogs/edit-job-dialog';
import { FolderDialog } from './dialogs/folder-dialog';
import { OpenDialog } from './dialogs/open-dialog';
import { OperatorDialog } from './dialogs/operator-dialog';
import { PreferencesDialog } from './dialogs/preferences-dialog';
import { PriorityDialog } from './dialogs/priority-dialog';
import { QueueScenesDialog } from './dialogs/queue-scenes-dialog';
import { RenderAgainDialog } from './dialogs/render-again-dialog';
import { SearchDialog } from './dialogs/search-dialog';
import { ShortcutsDialog } from './dialogs/shortcuts-dialog';
import { useKeptFocus } from './keep-focus';
import { MachinesWorkspace } from './machines/machines-workspace';
import { ReadOnly, whyReadOnly } from './read-only';
import { Announcements } from './panels/announcements';
import { DisconnectedBanner } from './panels/connection-light';
import { DropTarget } from './panels/drop-target';
import { Loading } from './panels/loading';
import { Messages } from './panels/messages';
import { RenderWorkspace } from './panels/render-workspace';
import { StatusBar } from './panels/status-bar';
import { TokenGate } from './panels/token-gate';
import { TopBar } from './panels/top-bar';
import { useStackedAreas } from './panels/use-area-sizes';
import { WORKSPACE_PANEL_ID, workspaceTabId } from './panels/workspace-tabs';
import { WindowTitle } from './panels/window-title';
import { usePlaybackKeys } from './playback/use-playback-keys';
import { StatisticsWorkspace } from './statistics/statistics-workspace';
import './app-frame.css';

/** The window: a page that asks for the token, a short wait, or the areas. */
export function AppFrame() {
  const unauthorized = useAppState((state) => state.connection.kind === 'unauthorized');
  const loaded = useAppState((state) => state.model.host !== null);
  const readOnly = useAppState(whyReadOnly);
  // Drawn again in another language.
  useAppState((state) => state.language);
  if (unauthorized) return <TokenGate />;
  if (!loaded) return <Loading />;
  return (
    <ReadOnly value={readOnly}>
      <Areas />
    </ReadOnly>
  );
}

function Areas() {
  useCommands();
  useKeptFocus();
  usePlaybackKeys();
  const dialog = useAppState((state) => state.dialog);
  const operator = useAppState((state) => state.operator);
  const workspace = useAppState(shownWorkspace);
  const language = useAppState((state) => state.language);
  // Where areas stand one below another it may be scrolled away.
  const stacked = useStackedAreas();
  const imageShown = useAppState((state) => isAreaShown(state, 'viewer')) && !stacked;
  return (
    <div className="app-frame">
      <WindowTitle />
      <TopBar key={`top-${language}`} />
      <DisconnectedBanner />
      <main className="app-main" key={language}>
        <div
          className="app-workspace"
          id={WORKSPACE_PANEL_ID}
          role="tabpanel"
          aria-labelledby={workspaceTabId(workspace)}
        >
          {workspace === 'render' && <RenderWorkspace />}
          {workspace === 'statistics' && <StatisticsWorkspace />}
          {workspace === 'machines' && <MachinesWorkspace />}
        </div>
        {/* The image has them where they leave it to be seen. */}
        {!imageShown && (
          <div className="app-messages" data-area="">
            <Messages />
          </div>
        )}
      </main>
      <StatusBar />
      <Announcements />
      <DropTarget />
      {dialog === 'open' && <OpenDialog />}
      {dialog === 'preferences' && <PreferencesDialog />}
      {dialog === 'shortcuts' && <ShortcutsDialog />}
      {dialog === 'search' && <SearchDialog />}
      {dialog === 'operator' && operator && <OperatorDialog operator={operator} />}
      {dialog === 'about' && <AboutDialog />}
      {dialog === 'edit-job' && <EditJobDialog />}
      {dialog === 'delete-job' && <DeleteJobDialog />}
      {dialog === 'delete-jobs' && <DeleteJobsDialog />}
      {dialog === 'clear-finished' && <ClearFinishedDialog />}
      {dialog === 'render-again' && <RenderAgainDialog />}
      {dialog === 'set-priority' && <PriorityDialog />}
      {dialog === 'conflict' && <ConflictDialog />}
      {dialog === 'queue-scenes' && <QueueScenesDialog />}
      <AddonConsentDialog />
      <FolderDialog />
    </div>
  );
}
