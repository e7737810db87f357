import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { messageOf, UserError } from '../../../shared/user-error';
import { readGltf } from './read-gltf';

interface SharedScene {
  readonly path: string;
  /** Changes when the file does. */
  readonly stamp: string;
  /** Absolute path of each file that the scene refers to, by its URI in the document; null for what must not be read. */
  readonly externals: ReadonlyMap<string, string | null>;
}

/** What one worker may read: the scene that it renders and the files that this scene refers to. Nothing else on the disk has an address. */
export class SharedScenes {
  /** The part of the address that only this worker knows. */
  readonly token = randomBytes(24).toString('base64url');
  #scene: SharedScene | null = null;
  #number = 0;

  /**
   * Opens a scene to the worker instead of the one before.
   *
   * @returns its address below the token's; another one when the file has changed, so that the page loads it again
   * @throws UserError when it cannot be read
   */
  async share(path: string): Promise<string> {
    const stamp = await stampOf(path);
    if (this.#scene?.path !== path || this.#scene.stamp !== stamp) {
      const { externals } = await readGltf(path);
      this.#scene = { path, stamp, externals: new Map(externals.map((file) => [file.uri, file.path])) };
      this.#number += 1;
    }
    return `${this.token}/${this.#number}/scene`;
  }

  /**
   * The file behind an address.
   *
   * @param number the scene's number in the address
   * @param uri what the scene refers to; undefined for the scene itself
   * @throws UserError when there is nothing to be had there
   */
  resolve(number: number, uri: string | undefined): string {
    if (!this.#scene || number !== this.#number) throw new UserError('This scene is not being rendered any more.');
    if (uri === undefined) return this.#scene.path;
    const path = this.#scene.externals.get(uri);
    if (path === null)
      throw new UserError(
        `The scene needs “${uri}”, which is not a path beside it: pack it into the file or put it into the scene’s folder.`,
      );
    if (path === undefined)
      throw new UserError(`The scene “${basename(this.#scene.path)}” does not refer to “${uri}”.`);
    return path;
  }
}

async function stampOf(path: string): Promise<string> {
  try {
    const info = await stat(path);
    return `${info.ino}.${info.size}.${info.mtimeMs}`;
  } catch (error) {
    // readGltf says it in words where there is a known reason.
    await readGltf(path);
    throw new UserError(`“${path}” cannot be read: ${messageOf(error)}.`);
  }
}
