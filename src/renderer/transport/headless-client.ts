import { z } from 'zod';
import type { HostEvent, OperationReply } from '../../shared/host-api';
import { SOCKET_PROTOCOL, socketMessageSchema, TOKEN_PROTOCOL_PREFIX } from '../../shared/socket-messages';
import { installResultSchema } from '../../shared/addons';
import { t } from '../../shared/texts/translate';
import { decodeLinearImage } from '../../shared/linear-image';
import { ImageNotShown, OperationFailure, unwrapReply, type ConnectionState, type HostClient } from '../host-client';
import { keepAccessToken } from './access-token';
import { scenesIn } from './dropped-files';
import { embedGltf } from './embed-gltf';

/** The pauses between tries to reach the host again, in milliseconds; the last one repeats. */
const PAUSES = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
/** A host from which nothing was heard for so long is asked for a sign of life, in milliseconds. */
const SILENCE = 20_000;
/** How long that may take, in milliseconds; then the connection is taken for lost. A browser may notice in hours. */
const ANSWER_TIME = 15_000;
const uploadReplySchema = z.object({ path: z.string() });
/** A problem document (RFC 9457). */
const refusalSchema = z.object({ detail: z.string() });

/**
 * The way to the host over HTTP and one WebSocket. A lost connection is taken up again with growing pauses; calls that
 * were under way then fail, since nobody knows how they ended.
 *
 * @param origin of the page's own server, without a slash at its end
 */
export function createHeadlessClient(origin: string, firstToken: string | null, storage: Storage): HostClient {
  const listeners = new Set<(event: HostEvent) => void>();
  const watchers = new Set<(state: ConnectionState) => void>();
  const waiting = new Map<number, (reply: OperationReply) => void>();
  let token = firstToken;
  let state: ConnectionState = { kind: 'connecting' };
  let socket: WebSocket | null = null;
  let failures = 0;
  let lastCall = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heartbeat: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const setState = (next: ConnectionState): void => {
    state = next;
    for (const watcher of watchers) watcher(next);
  };
  const headers = (): Record<string, string> => ({ Authorization: `Bearer ${token ?? ''}` });

  function connect(): void {
    clearTimeout(timer);
    if (token === null || !/^[\w.~-]+$/.test(token)) {
      // Other characters can't stand in a WebSocket's protocol name, so it can't be a token of the host's.
      setState({ kind: 'unauthorized', hadToken: token !== null });
      return;
    }
    if (state.kind !== 'disconnected') setState({ kind: 'connecting' });
    const own = new WebSocket(`${origin.replace(/^http/, 'ws')}/api/v1/socket`, [
      SOCKET_PROTOCOL,
      TOKEN_PROTOCOL_PREFIX + token,
    ]);
    let opened = false;
    socket = own;
    own.addEventListener('open', () => {
      if (socket !== own) return;
      opened = true;
      failures = 0;
      setState({ kind: 'connected', right: 'control' });
      heard();
    });
    own.addEventListener('message', (message) => {
      if (socket !== own) return;
      heard();
      receive(String(message.data));
    });
    own.addEventListener('close', lost);

    function heard(): void {
      clearTimeout(heartbeat);
      heartbeat = setTimeout(() => {
        own.send(JSON.stringify({ call: ++lastCall, operation: 'queue.get', input: {} }));
        heartbeat = setTimeout(lost, ANSWER_TIME);
      }, SILENCE);
    }

    function lost(): void {
      if (socket !== own || closed) return;
      clearTimeout(heartbeat);
      socket = null;
      own.close();
      const unanswered: OperationReply = {
        ok: false,
        error: {
          kind: 'failed',
          message: t('The connection to the host was lost before it answered: look at the queue once it is back.'),
        },
      };
      for (const settle of waiting.values()) settle(unanswered);
      waiting.clear();
      void (opened ? Promise.resolve(false) : isRefused()).then((refused) => {
        if (socket !== null || closed) return;
        if (refused) setState({ kind: 'unauthorized', hadToken: true });
        else retryLater();
      });
    }
  }

  /** A browser doesn't say why a WebSocket was refused, so an ordinary request with the same token asks. */
  async function isRefused(): Promise<boolean> {
    try {
      const answer = await fetch(`${origin}/api/v1/jobs/0/frames/0/image`, { headers: headers(), cache: 'no-store' });
      return answer.status === 401 || answer.status === 403;
    } catch {
      return false;
    }
  }

  function retryLater(): void {
    const pause = PAUSES[Math.min(failures, PAUSES.length - 1)]!;
    failures += 1;
    setState({ kind: 'disconnected', retryAt: Date.now() + pause });
    timer = setTimeout(connect, pause);
  }

  function receive(text: string): void {
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch {
      console.warn('A message of the host was dropped: it is not JSON.');
      return;
    }
    const message = socketMessageSchema.safeParse(raw);
    if (!message.success) {
      console.warn('A message of the host was dropped: its form is not known.', message.error.issues[0]);
      return;
    }
    if ('event' in message.data) {
      for (const listener of listeners) listener(message.data.event);
      return;
    }
    if ('right' in message.data) {
      setState({ kind: 'connected', right: message.data.right });
      return;
    }
    waiting.get(message.data.call)?.(message.data.reply);
    waiting.delete(message.data.call);
  }

  /** @returns null where there is no such thing @throws as `image` of HostClient */
  async function read(path: string): Promise<Response | null> {
    const answer = await fetch(`${origin}/api/v1/${path}`, { headers: headers() });
    if (answer.ok) return answer;
    if (answer.status === 404) return null;
    const refusal = refusalSchema.safeParse(await answer.json().catch(() => null));
    const sentence = refusal.success ? refusal.data.detail : `HTTP ${answer.status}`;
    throw answer.status === 422 ? new ImageNotShown(sentence) : new Error(sentence);
  }

  /** @param otherwise what to do where the host says nothing that can be read */
  async function send(path: string, file: File, otherwise: string): Promise<unknown> {
    const answer = await fetch(`${origin}/api/v1/${path}`, {
      method: 'POST',
      headers: { ...headers(), 'Content-Type': 'application/octet-stream' },
      body: file,
    });
    const body: unknown = await answer.json().catch(() => null);
    if (answer.ok) return body;
    const refusal = refusalSchema.safeParse(body);
    throw new Error(
      refusal.success
        ? refusal.data.detail
        : t('The host did not take “{name}” (HTTP {status}): {otherwise}.', {
            name: file.name,
            status: answer.status,
            otherwise,
          }),
    );
  }

  connect();
  return {
    shell: 'headless',
    async call(operation, input) {
      const open = socket;
      if (open?.readyState !== WebSocket.OPEN)
        throw new OperationFailure(t('There is no connection to the host: try again when it is back.'), 'failed');
      const call = ++lastCall;
      const reply = await new Promise<OperationReply>((settle) => {
        waiting.set(call, settle);
        open.send(JSON.stringify({ call, operation, input }));
      });
      return unwrapReply(operation, reply);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async image(jobId, frame, size) {
      const answer = await read(`jobs/${jobId}/frames/${frame}/image${size === undefined ? '' : `?size=${size}`}`);
      return answer && answer.blob();
    },
    async pixels(jobId, frame, layer) {
      const query = layer === undefined ? '' : `?layer=${encodeURIComponent(layer)}`;
      const answer = await read(`jobs/${jobId}/frames/${frame}/pixels${query}`);
      return answer && decodeLinearImage(await answer.arrayBuffer());
    },
    onConnection(listener) {
      watchers.add(listener);
      listener(state);
      return () => watchers.delete(listener);
    },
    reconnect() {
      if (socket === null && !closed) connect();
    },
    authorize(given) {
      token = given;
      keepAccessToken(given, storage);
      failures = 0;
      const before = socket;
      socket = null;
      before?.close();
      setState({ kind: 'connecting' });
      connect();
    },
    pickScene: null,
    pickFolder: null,
    lending: null,
    speak: null,
    quit: null,
    restart: null,
    async scenePaths(files) {
      const scenes = scenesIn(files);
      const others = files.filter((file) => !scenes.includes(file));
      const paths = new Set<string>();
      const batch = crypto.getRandomValues(new Uint32Array(4)).join('-');
      for (const scene of scenes) {
        const file = scene.name.toLowerCase().endsWith('.gltf') ? await embedGltf(scene, others) : scene;
        const body = await send(
          `scenes?name=${encodeURIComponent(file.name)}&batch=${batch}`,
          file,
          t('open it by its path with File › Open'),
        );
        // The same scene twice is one.
        paths.add(uploadReplySchema.parse(body).path);
      }
      return [...paths];
    },
    pickAddon: null,
    showAddonFiles: null,
    frameFile: null,
    async installAddon(file, consent) {
      const query = new URLSearchParams({ name: file.name });
      if (consent.length > 0) query.set('consent', consent.join(','));
      return installResultSchema.parse(
        await send(`addons?${query}`, file, t('install it with “framegauge addons install” on the host’s machine')),
      );
    },
    showMenus: null,
    onMenu: () => () => {},
    close() {
      closed = true;
      clearTimeout(timer);
      clearTimeout(heartbeat);
      socket?.close();
    },
  };
}
