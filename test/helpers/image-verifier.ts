import { resolve } from 'node:path';
import { createImageThread } from '../../src/main/images/image-thread';
import { createImageVerifier } from '../../src/main/images/verify-image';

const thread = createImageThread(resolve(import.meta.dirname, '../../out/worker/image-worker.mjs'));

/** The host's image verifier. Its thread ends by itself and does not keep a test from ending. */
export const imageVerifier = createImageVerifier(thread.decodable);
