/** German: the menus, the title and what opens files. */
export const menus: Readonly<Record<string, string>> = {
  'Reload Scene': 'Szene neu laden',
  'Go to Next Area': 'Zum nächsten Bereich gehen',
  'Go to Previous Area': 'Zum vorigen Bereich gehen',
  '“{wanted}” is no key: it is written as Ctrl+Shift+E, Alt+3 or F7.':
    '„{wanted}“ ist keine Taste: geschrieben wird sie als Ctrl+Shift+E, Alt+3 oder F7.',
  '{wanted} is already for “{use}”.': '{wanted} ist schon mit „{use}“ belegt.',
  'Drop a scene (.blend, .glb, .gltf) to open it, several to queue them, or an add-on (.zip) to install it':
    'Eine Szene (.blend, .glb, .gltf) hier ablegen, um sie zu öffnen, mehrere, um sie in die Warteschlange zu stellen, oder ein Add-on (.zip), um es zu installieren',
  'Open Recent': 'Zuletzt geöffnet',
  '{path}: there is no such file any more': '{path}: Diese Datei gibt es nicht mehr',
  missing: 'fehlt',
  'Shown in all areas': 'In allen Bereichen gezeigt',
  'Show the scene {scene}': 'Szene {scene} zeigen',
  'Show the open scene, {scene}, in all areas': 'Die geöffnete Szene {scene} in allen Bereichen zeigen',
  'Show job {id} {name}': 'Job {id} {name} zeigen',
  'Show job {id}, {name}, in all areas': 'Job {id}, {name}, in allen Bereichen zeigen',
  '{name} (missing)': '{name} (fehlt)',
  '{percent} % {name} — Framegauge': '{percent} % {name} — Framegauge',
  '{name} — Framegauge': '{name} — Framegauge',
  'View only: changes need the control token.': 'Nur ansehen: Änderungen brauchen das Steuer-Token.',
};
