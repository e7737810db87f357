/** German: the dialogs and the preferences. */
export const dialogs: Readonly<Record<string, string>> = {
  'Version {version}': 'Version {version}',
  'A render host with add-ons, metered by Prometheus. MIT licence.':
    'Ein Render-Host mit Add-ons, gemessen von Prometheus. MIT-Lizenz.',
  'The jobs and the records of their frames are removed. Their images stay on disk.':
    'Die Jobs und die Aufzeichnungen ihrer Frames werden entfernt. Ihre Bilder bleiben auf der Festplatte.',
  Clear: 'Entfernen',
  'Images Already Exist': 'Bilder schon vorhanden',
  'New version': 'Neue Version',
  'The existing images are kept and count as frames of this job':
    'Die vorhandenen Bilder bleiben und zählen als Frames dieses Jobs',
  'The existing images are kept and count as frames of this job; nothing is rendered':
    'Die vorhandenen Bilder bleiben und zählen als Frames dieses Jobs; gerendert wird nichts',
  'Keep and Render the Other {others}': 'Behalten und die anderen {others} rendern',
  'Keep All': 'Alle behalten',
  'New Version ({version})': 'Neue Version ({version})',
  'This page may not use the clipboard: press Ctrl+C to copy what is selected.':
    'Diese Seite darf die Zwischenablage nicht verwenden: Strg+C kopiert, was ausgewählt ist.',
  'Text to copy': 'Zu kopierender Text',
  'Delete {name}, Job {id}': '{name}, Job {id}, löschen',
  'The job and the record of its frames are removed.': 'Der Job und die Aufzeichnung seiner Frames werden entfernt.',
  'The files listed below are deleted from disk.':
    'Die unten aufgelisteten Dateien werden von der Festplatte gelöscht.',
  'Its images stay on disk.': 'Seine Bilder bleiben auf der Festplatte.',
  'Finding the files that it has written…': 'Sucht die Dateien, die er geschrieben hat…',
  'No files to delete: it has written none, or they have been changed or moved since.':
    'Keine Dateien zu löschen: Er hat keine geschrieben, oder sie wurden seitdem geändert oder verschoben.',
  '{count, plural, one {Also delete its file ({size})} other {Also delete its # files ({size})}}':
    '{count, plural, one {Auch seine Datei löschen ({size})} other {Auch seine # Dateien löschen ({size})}}',
  'Delete Job and Files': 'Job und Dateien löschen',
  'Files that it has written': 'Dateien, die er geschrieben hat',
  '… and {count} more': '… und {count} weitere',
  '{count, plural, one {# Job} other {# Jobs}}': '{count, plural, one {# Job} other {# Jobs}}',
  'Delete {title}': '{title} löschen',
  'The jobs and the records of their frames are removed.':
    'Die Jobs und die Aufzeichnungen ihrer Frames werden entfernt.',
  'Their files are deleted from disk.': 'Ihre Dateien werden von der Festplatte gelöscht.',
  'Their images stay on disk.': 'Ihre Bilder bleiben auf der Festplatte.',
  '{count, plural, one {# of them has not been rendered yet.} other {# of them have not been rendered yet.}}':
    '{count, plural, one {# davon wurde noch nicht gerendert.} other {# davon wurden noch nicht gerendert.}}',
  '{count, plural, one {# more is rendering and stays: cancel it first.} other {# more are rendering and stay: cancel them first.}}':
    '{count, plural, one {# weiterer rendert und bleibt: Brechen Sie ihn zuerst ab.} other {# weitere rendern und bleiben: Brechen Sie sie zuerst ab.}}',
  'Finding the files that they have written…': 'Sucht die Dateien, die sie geschrieben haben…',
  '{count, plural, one {Also delete their file ({size})} other {Also delete their # files ({size})}}':
    '{count, plural, one {Auch ihre Datei löschen ({size})} other {Auch ihre # Dateien löschen ({size})}}',
  'Delete {title} and Files': '{title} und Dateien löschen',
  'As listed': 'Wie aufgelistet',
  'Edit {name}, Job {id}': '{name}, Job {id}, bearbeiten',
  'While the job is rendering, only its name, note, priority, dependencies and start time can be changed. Pause it to change the rest.':
    'Solange der Job rendert, lassen sich nur Name, Notiz, Priorität, Abhängigkeiten und Startzeit ändern. Halten Sie ihn an, um den Rest zu ändern.',
  'The job has begun meanwhile: pause it to change the rest, or close this.':
    'Der Job hat inzwischen begonnen: Halten Sie ihn an, um den Rest zu ändern, oder schließen Sie diesen Dialog.',
  Note: 'Notiz',
  'Anything worth remembering': 'Alles, was zu merken ist',
  'Numbers of the jobs that must complete first.': 'Nummern der Jobs, die vorher abgeschlossen sein müssen.',
  'Max failures': 'Max. Fehler',
  'As many as allowed': 'So viele wie erlaubt',
  'Needs tags': 'Benötigte Tags',
  Blocked: 'Gesperrt',
  'Machines at most': 'Max. Maschinen',
  'Scene default': 'Vorgabe der Szene',
  'Scripts in the file can do anything that you can.': 'Skripte in der Datei dürfen alles, was Sie dürfen.',
  'Factory startup': 'Start mit Werkseinstellungen',
  'Applying…': 'Wendet an…',
  'Built in': 'Eingebaut',
  'From the preferences': 'Aus den Einstellungen',
  'From the environment': 'Aus der Umgebung',
  'From the PATH': 'Aus dem PATH',
  'Standard location': 'Üblicher Ort',
  Installations: 'Installationen',
  'The host did not answer.': 'Der Host hat nicht geantwortet.',
  'Loading…': 'Lädt…',
  'No Blender was found on the host’s machine. Install it from blender.org or with the system’s packages, or enter its path above; then search again.':
    'Auf der Maschine des Hosts wurde kein Blender gefunden. Installieren Sie es von blender.org oder mit den Paketen des Systems, oder geben Sie oben seinen Pfad an; suchen Sie dann erneut.',
  default: 'Vorgabe',
  'Keys that run operators of add-ons. The program’s own keys are under Help, Keyboard Shortcuts; they win.':
    'Tasten, die Operatoren von Add-ons ausführen. Die eigenen Tasten des Programms stehen unter Hilfe, Tastenkürzel; sie gehen vor.',
  'No running add-on has an operator.': 'Kein laufendes Add-on hat einen Operator.',
  Operators: 'Operatoren',
  'Key of {label}: {key}': 'Taste von {label}: {key}',
  'Press it, then the key: with Ctrl or Alt, or F1 to F12. Backspace takes the key away.':
    'Drücken Sie darauf und dann die Taste: mit Strg oder Alt, oder F1 bis F12. Die Rücktaste nimmt die Taste weg.',
  'Press a key…': 'Taste drücken…',
  'Reset the key of {label}': 'Taste von {label} zurücksetzen',
  'Parent folder': 'Übergeordneter Ordner',
  Path: 'Pfad',
  'Folders and scenes': 'Ordner und Szenen',
  Folders: 'Ordner',
  'No folders in this one.': 'Keine Ordner in diesem.',
  'Choose a Folder': 'Ordner wählen',
  'Choose This Folder': 'Diesen Ordner wählen',
  '{count, plural, one {# more entry is not listed: type a path above to open it.} other {# more entries are not listed: type a path above to open one of them.}}':
    '{count, plural, one {# weiterer Eintrag ist nicht aufgelistet: Geben Sie oben einen Pfad ein, um ihn zu öffnen.} other {# weitere Einträge sind nicht aufgelistet: Geben Sie oben einen Pfad ein, um einen davon zu öffnen.}}',
  'No folders or scenes (.blend, .glb, .gltf) here.': 'Keine Ordner oder Szenen (.blend, .glb, .gltf) hier.',
  'Files on the host’s machine.': 'Dateien auf der Maschine des Hosts.',
  Run: 'Ausführen',
  Blender: 'Blender',
  'This browser shows notifications only for pages on its own machine, or reached by https.':
    'Dieser Browser zeigt Benachrichtigungen nur für Seiten auf der eigenen Maschine oder über https.',
  'Notifications from this page are blocked in the browser: allow them in its address bar.':
    'Benachrichtigungen dieser Seite sind im Browser gesperrt: Erlauben Sie sie in seiner Adressleiste.',
  'Tells you when a job ends while this page is open in the background.':
    'Meldet das Ende eines Jobs, solange diese Seite im Hintergrund geöffnet ist.',
  Shell: 'Oberfläche',
  Desktop: 'Desktop',
  'Headless, with this page as its window': 'Headless, mit dieser Seite als Fenster',
  Platform: 'Plattform',
  Process: 'Prozess',
  'Data folder': 'Datenordner',
  'Priority of {name}, Job {id}': 'Priorität von {name}, Job {id}',
  'Priority of {count} Jobs': 'Priorität von {count} Jobs',
  'A priority is a whole number from −{maxpriority} to {maxpriority}.':
    'Eine Priorität ist eine ganze Zahl von −{maxpriority} bis {maxpriority}.',
  'Jobs with a higher one are rendered first.': 'Jobs mit höherer Priorität werden zuerst gerendert.',
  'Queue {count} Scenes': '{count} Szenen in die Warteschlange stellen',
  Scenes: 'Szenen',
  'Existing images': 'Vorhandene Bilder',
  'Render a new version': 'Neue Version rendern',
  'Keep them, and render the others': 'Behalten und die anderen rendern',
  'Overwrite them': 'Überschreiben',
  '{count, plural, one {# scene is} other {# scenes are}} still being read.':
    '{count, plural, one {# Szene wird} other {# Szenen werden}} noch gelesen.',
  'Each is rendered as its file says; jobs can be edited in the queue.':
    'Jede wird gerendert, wie es in der Datei steht; in der Warteschlange lassen sich die Jobs bearbeiten.',
  '{count, plural, one {Queue # Job} other {Queue # Jobs}}':
    '{count, plural, one {# Job} other {# Jobs}} in die Warteschlange stellen',
  'Reading…': 'Liest…',
  '{count, plural, one {# sample} other {# samples}}': '{count, plural, one {# Sample} other {# Samples}}',
  'Save Monitoring Kit': 'Monitoring-Paket speichern',
  '{count, plural, one {# file was written to this folder:} other {# files were written to this folder:}}':
    '{count, plural, one {# Datei wurde in diesen Ordner geschrieben:} other {# Dateien wurden in diesen Ordner geschrieben:}}',
  'Its README tells how to start Prometheus and Grafana with them.':
    'Die README darin erklärt, wie Prometheus und Grafana damit gestartet werden.',
  'Files written': 'Geschriebene Dateien',
  'Configuration for Prometheus and Grafana: scrape config, alert and recording rules, a dashboard, and a compose file that starts both.':
    'Konfiguration für Prometheus und Grafana: Scrape-Konfiguration, Alarm- und Aufzeichnungsregeln, ein Dashboard und eine Compose-Datei, die beide startet.',
  'A folder on the host’s machine.': 'Ein Ordner auf der Maschine des Hosts.',
  'The folder is created if it does not exist.': 'Der Ordner wird angelegt, falls es ihn nicht gibt.',
  'Saving…': 'Speichert…',
  'Search commands and operators': 'Befehle und Operatoren suchen',
  'Type to search': 'Zum Suchen tippen',
  Found: 'Gefunden',
  'Nothing is called “{text}”.': 'Nichts heißt „{text}“.',
  '“{name}” is not possible now.': '„{name}“ ist gerade nicht möglich.',
  'Search the queue': 'Die Warteschlange durchsuchen',
  'In the queue: the job above or below; Home and End for the first and last':
    'In der Warteschlange: der Job darüber oder darunter; Pos1 und Ende für den ersten und letzten',
  'In the queue: select several jobs; Ctrl + A selects all that are listed':
    'In der Warteschlange: mehrere Jobs auswählen; Strg + A wählt alle aufgelisteten aus',
  'In the queue: go on without selecting; take the job in or out':
    'In der Warteschlange: weitergehen, ohne auszuwählen; den Job dazunehmen oder herausnehmen',
  'In the queue: fold or unfold a row': 'In der Warteschlange: eine Zeile ein- oder ausklappen',
  'In the queue: move jobs up or down, once more to the next priority; with Home and End to either end':
    'In der Warteschlange: Jobs nach oben oder unten verschieben, noch einmal zur nächsten Priorität; mit Pos1 und Ende an den Anfang oder das Ende',
  'In the queue: edit the job': 'In der Warteschlange: den Job bearbeiten',
  'In the queue: delete jobs, after asking': 'In der Warteschlange: Jobs löschen, nach einer Rückfrage',
  'In the queue: open the job’s menu': 'In der Warteschlange: das Menü des Jobs öffnen',
  'In the timeline: one frame back or forward; ten with Shift':
    'In der Zeitleiste: einen Frame zurück oder vor; mit Umschalt zehn',
  'In the timeline: ten frames back or forward': 'In der Zeitleiste: zehn Frames zurück oder vor',
  'In the timeline: first or last frame': 'In der Zeitleiste: erster oder letzter Frame',
  'In the image: fit it, show it pixel for pixel': 'Im Bild: einpassen, Pixel für Pixel zeigen',
  'In the statistics: move the cursor through time; Esc hides it':
    'In der Statistik: den Cursor durch die Zeit bewegen; Esc blendet ihn aus',
  'In the live view of a scene: return to its camera': 'In der Live-Ansicht einer Szene: zu ihrer Kamera zurückkehren',
  'In a number: one up or down; ten with Shift': 'In einer Zahl: um eins erhöhen oder verringern; mit Umschalt um zehn',
  'Apply a field': 'Ein Feld übernehmen',
  'Output folder': 'Ausgabeordner',
  'Where images go when a job names no output; each scene gets a folder in it. Empty means “Framegauge” in your home folder.':
    'Wohin Bilder kommen, wenn ein Job keine Ausgabe nennt; jede Szene bekommt darin einen Ordner. Leer bedeutet „Framegauge“ in Ihrem Benutzerordner.',
  'How many frames are rendered at once, memory permitting. 0 finds the number that renders fastest, up to the number of CPU cores.':
    'Wie viele Frames gleichzeitig gerendert werden, sofern der Speicher reicht. 0 findet die Zahl, die am schnellsten rendert, höchstens die Zahl der CPU-Kerne.',
  'Worker timeout (seconds)': 'Zeitlimit für Worker (Sekunden)',
  'A worker that sends nothing for this long is replaced, and its frame is tried again.':
    'Ein Worker, der so lange nichts sendet, wird ersetzt und sein Frame erneut versucht.',
  'Shared file folders': 'Gemeinsame Dateiordner',
  'A glTF, or a .blend that was uploaded, may use files in its own folder and below. Name here the folders of libraries that several scenes share: full paths, with “;” between them.':
    'Ein glTF oder eine hochgeladene .blend darf Dateien im eigenen Ordner und darunter verwenden. Nennen Sie hier die Ordner von Bibliotheken, die mehrere Szenen teilen: vollständige Pfade mit „;“ dazwischen.',
  'At startup': 'Beim Start',
  'Whether the queue runs when the program starts: “run” always, “paused” never, “last” as it was when the program ended.':
    'Ob die Warteschlange läuft, wenn das Programm startet: „run“ immer, „paused“ nie, „last“ wie beim Beenden des Programms.',
  'Attempts per frame': 'Versuche je Frame',
  'How many times a frame is tried, on different workers where possible, before it counts as failed.':
    'Wie oft ein Frame versucht wird, möglichst auf verschiedenen Workern, bevor er als fehlgeschlagen gilt.',
  'Max failed frames (%)': 'Max. fehlgeschlagene Frames (%)',
  'A job fails once more than this share of its frames has failed. With fewer, it renders to the end and completes “with failures”.':
    'Ein Job schlägt fehl, sobald mehr als dieser Anteil seiner Frames fehlgeschlagen ist. Bei weniger rendert er zu Ende und wird „mit Fehlern“ abgeschlossen.',
  'Frame timeout (minutes)': 'Zeitlimit für Frames (Minuten)',
  'A frame without any progress for this long is stuck: its worker is replaced, and the frame is tried again.':
    'Ein Frame, der so lange nicht vorankommt, hängt: Sein Worker wird ersetzt und der Frame erneut versucht.',
  'Free disk space to keep (GB)': 'Freizuhaltender Speicherplatz (GB)',
  'With less than this free on the output disk, the queue pauses until there is room again. With 0 it pauses only when a write finds no room.':
    'Ist auf der Ausgabefestplatte weniger frei, hält die Warteschlange an, bis wieder Platz ist. Bei 0 hält sie nur an, wenn ein Schreibvorgang keinen Platz findet.',
  'Keep the machine awake': 'Maschine wach halten',
  'Keep an idle machine from sleeping while something renders. A headless host needs systemd-inhibit or caffeinate for this; on Windows only the desktop app can.':
    'Hält eine untätige Maschine vom Schlafen ab, solange etwas rendert. Ein Headless-Host braucht dazu systemd-inhibit oder caffeinate; unter Windows kann es nur die Desktop-App.',
  Notifications: 'Benachrichtigungen',
  'Show a desktop notification when a job or the queue ends.':
    'Zeigt eine Desktop-Benachrichtigung, wenn ein Job oder die Warteschlange endet.',
  'Command when a job ends': 'Befehl, wenn ein Job endet',
  'Run by the system’s shell. FRAMEGAUGE_JOB, FRAMEGAUGE_JOB_NAME, FRAMEGAUGE_STATE, FRAMEGAUGE_REASON and FRAMEGAUGE_OUTPUT describe the job. Empty runs nothing.':
    'Wird von der Shell des Systems ausgeführt. FRAMEGAUGE_JOB, FRAMEGAUGE_JOB_NAME, FRAMEGAUGE_STATE, FRAMEGAUGE_REASON und FRAMEGAUGE_OUTPUT beschreiben den Job. Leer führt nichts aus.',
  'When the queue finishes': 'Wenn die Warteschlange fertig ist',
  'What the machine does a minute after the last job has ended, unless somebody cancels it.':
    'Was die Maschine eine Minute nach dem Ende des letzten Jobs tut, sofern niemand es abbricht.',
  'Command when the queue finishes': 'Befehl, wenn die Warteschlange fertig ist',
  'Run by the system’s shell where “command” is chosen above. FRAMEGAUGE_COMPLETED, FRAMEGAUGE_FAILED and FRAMEGAUGE_CANCELLED give the numbers of jobs.':
    'Wird von der Shell des Systems ausgeführt, wenn oben „command“ gewählt ist. FRAMEGAUGE_COMPLETED, FRAMEGAUGE_FAILED und FRAMEGAUGE_CANCELLED nennen die Zahl der Jobs.',
  'Path of the program or its folder; for several, put “;” between them, and the first is the default. Empty finds it on the PATH or in the standard locations.':
    'Pfad des Programms oder seines Ordners; bei mehreren steht „;“ dazwischen, und der erste ist die Vorgabe. Leer findet es im PATH oder an den üblichen Orten.',
  'Factory settings': 'Werkseinstellungen',
  'Start Blender as if newly installed, without your own settings and add-ons. A job can override this.':
    'Startet Blender wie frisch installiert, ohne Ihre eigenen Einstellungen und Add-ons. Ein Job kann davon abweichen.',
  'Memory per Blender (GB)': 'Speicher je Blender (GB)',
  'A Blender that uses more is ended, and its frame fails for lack of memory. 0 sets no limit.':
    'Ein Blender, das mehr verwendet, wird beendet, und sein Frame schlägt wegen Speichermangels fehl. 0 setzt keine Grenze.',
  'Remote control': 'Fernsteuerung',
  'Other names of this host': 'Weitere Namen dieses Hosts',
  'Names by which browsers and programs reach the control server besides those that this machine knows, such as a proxy, a DNS alias or a service. Separate several with spaces.':
    'Namen, unter denen Browser und Programme den Steuerungsserver erreichen, außer denen, die diese Maschine kennt: etwa ein Proxy, ein DNS-Alias oder ein Dienst. Mehrere werden durch Leerzeichen getrennt.',
  'Memory per add-on (MB)': 'Speicher je Add-on (MB)',
  'How much an add-on’s own data may take; Node’s own part and programs that it may start come on top. One that needs more is ended. Applies to each add-on from its next start.':
    'Wie viel die eigenen Daten eines Add-ons belegen dürfen; der Teil von Node selbst und Programme, die es startet, kommen hinzu. Braucht eines mehr, wird es beendet. Gilt für jedes Add-on ab seinem nächsten Start.',
  'Storage per add-on (MB)': 'Ablage je Add-on (MB)',
  'How much an add-on that did not come with Framegauge may keep in its storage folder. One that stores more is stopped. Applies to each add-on from its next start.':
    'Wie viel ein Add-on, das nicht mit Framegauge kam, in seinem Ablageordner aufbewahren darf. Legt eines mehr ab, wird es gestoppt. Gilt für jedes Add-on ab seinem nächsten Start.',
  Farm: 'Farm',
  'Render on several machines': 'Auf mehreren Maschinen rendern',
  'Makes this host the manager of a farm, with a ticket queue that it starts itself: redis-server or valkey-server must be installed. Takes effect at the next start.':
    'Macht diesen Host zum Manager einer Farm, mit einer Ticket-Warteschlange, die er selbst startet: redis-server oder valkey-server muss installiert sein. Wirkt ab dem nächsten Start.',
  'Redis or Valkey of your own': 'Eigenes Redis oder Valkey',
  'The same with a server that runs already: redis://USER:PASSWORD@HOST:PORT, or rediss:// for TLS. Takes effect at the next start.':
    'Dasselbe mit einem Server, der schon läuft: redis://USER:PASSWORD@HOST:PORT, oder rediss:// für TLS. Wirkt ab dem nächsten Start.',
  'Address for machines': 'Adresse für Maschinen',
  'HOST:PORT at which machines reach this manager. The ticket queue that it starts itself gets the next port. Takes effect at the next start.':
    'HOST:PORT, unter dem Maschinen diesen Manager erreichen. Die Ticket-Warteschlange, die er selbst startet, bekommt den nächsten Port. Wirkt ab dem nächsten Start.',
  'Certificate for machines': 'Zertifikat für Maschinen',
  'PEM file with a certificate of your own and its issuers’ (fullchain.pem), read again when it is renewed. Empty: one that Framegauge makes. Takes effect at the next start.':
    'PEM-Datei mit einem eigenen Zertifikat und denen seiner Aussteller (fullchain.pem); wird es erneuert, wird sie neu gelesen. Leer: eines, das Framegauge erstellt. Wirkt ab dem nächsten Start.',
  'Key of that certificate': 'Schlüssel dieses Zertifikats',
  'PEM file, not encrypted. Empty: in the same file. Takes effect at the next start.':
    'PEM-Datei, nicht verschlüsselt. Leer: in derselben Datei. Wirkt ab dem nächsten Start.',
  'Folders that machines see, too': 'Ordner, die auch Maschinen sehen',
  'NAME=PATH of each, as shows=/mnt/shows, separated by “;”. A machine with the same root, by whatever path, reads scenes there instead of copying them. Takes effect at the next start.':
    'Je Ordner NAME=PATH, etwa shows=/mnt/shows, getrennt durch „;“. Eine Maschine mit demselben Ordner, unter welchem Pfad auch immer, liest Szenen dort, statt sie zu kopieren. Wirkt ab dem nächsten Start.',
  'Render on this machine, too': 'Auch auf dieser Maschine rendern',
  'Without this the manager leaves all frames to the machines of its farm.':
    'Ohne dies überlässt der Manager alle Frames den Maschinen seiner Farm.',
  'Tags of this machine': 'Tags dieser Maschine',
  'What it has, as jobs may need it: gpu,linux. The tags of other machines are set with each.':
    'Was sie hat, wie Jobs es brauchen können: gpu,linux. Die Tags anderer Maschinen werden bei diesen gesetzt.',
  Keymap: 'Tastenbelegung',
  'Keys of operators': 'Tasten von Operatoren',
  'Keys chosen for operators of add-ons, as video.encode=Ctrl+Shift+E, with spaces between several. Nothing behind “=” takes a key away.':
    'Gewählte Tasten für Operatoren von Add-ons, etwa video.encode=Ctrl+Shift+E, mehrere durch Leerzeichen getrennt. Nichts hinter „=“ nimmt eine Taste weg.',
  'Get Add-ons': 'Add-ons beziehen',
  Repositories: 'Repositorys',
  'Where add-ons are offered and blocked: folders, index.json files or http(s) addresses, with “;” between them. Adding an http(s) address allows online access.':
    'Wo Add-ons angeboten und gesperrt werden: Ordner, index.json-Dateien oder http(s)-Adressen mit „;“ dazwischen. Eine http(s)-Adresse hinzuzufügen, erlaubt den Online-Zugriff.',
  'Online access': 'Online-Zugriff',
  'Whether repositories at http(s) addresses are asked: when you look at them, at startup, and once a day.':
    'Ob Repositorys an http(s)-Adressen gefragt werden: wenn Sie sie ansehen, beim Start und einmal am Tag.',
  'The name is what the job is called in lists: write one.':
    'Unter dem Namen steht der Job in Listen: Geben Sie einen ein.',
  'A name has {most} characters at most.': 'Ein Name hat höchstens {most} Zeichen.',
  'A note has {most} characters at most.': 'Eine Notiz hat höchstens {most} Zeichen.',
};
