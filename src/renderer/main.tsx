import './language-tag';
import './no-eval';
import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createActions } from './actions/actions';
import { AppContext } from './app-context';
import { createAppStore } from './app-store';
import { AppFrame } from './app-frame';
import './styles/forced-colors.css';
import { followLanguage } from './follow-language';
import type { HostClient } from './host-client';
import { createPictureFeed } from './playback/played-pictures';
import { takeAccessToken } from './transport/access-token';
import { createDesktopClient } from './transport/desktop-client';
import { createHeadlessClient } from './transport/headless-client';

/** The shell that this page runs in shows by the bridge that only its preload script makes. */
function createClient(): HostClient {
  if (window.framegauge) return createDesktopClient(window.framegauge);
  return createHeadlessClient(
    window.location.origin,
    takeAccessToken(window.location, window.history, window.sessionStorage),
    window.sessionStorage,
  );
}

const client = createClient();
const store = createAppStore();
const pictures = createPictureFeed();
await followLanguage(store, client.speak);
const actions = createActions(client, store, pictures);
actions.start();
// An address with another token that is opened in this tab changes only what comes after its “#”: the page isn't loaded
// again.
window.addEventListener('hashchange', () => {
  if (client.shell !== 'headless' || !window.location.hash.includes('token=')) return;
  const token = takeAccessToken(window.location, window.history, window.sessionStorage);
  if (token !== null) client.authorize(token);
});

// The keys of an input method belong to it: its Enter confirms a conversion and its Esc takes one back.
window.addEventListener(
  'keydown',
  (event) => {
    if (event.isComposing) event.stopPropagation();
  },
  true,
);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <AppContext value={{ client, store, actions, pictures }}>
      <AppFrame />
    </AppContext>
  </StrictMode>,
);
