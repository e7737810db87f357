import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '../../../shared/user-error';
import { stampOf } from '../file-stamp';
import { openRegularFile } from '../../data/open-regular-file';
import { openAllowed } from '../../data/allowed-folders';
import { type SceneAccess, allowedFolders } from '../../scenes/scene-access';
import { type ExternalFile, problemOf, sentenceOf } from './external-files';
import type { GltfFacts } from './gltf-facts';
import type { SceneReader } from './scene-reader';
import { shortened } from '../../../shared/shortened';

/**
 * Controls what one worker may read: the scene it renders and the files this scene refers to. Nothing else on the disk
 * has an address.
 */
export class SharedScenes {
  /** Secret part of the address, known only to this worker. */
  readonly token = randomBytes(24).toString('base64url');
  readonly #reader: SceneReader;
  readonly #access: () => SceneAccess;
  #scene: {
    readonly path: string;
    readonly facts: GltfFacts;
    readonly externals: ReadonlyMap<string, ExternalFile>;
  } | null = null;
  #number = 0;
  #changed = false;

  constructor(reader: SceneReader, access: () => SceneAccess) {
    this.#reader = reader;
    this.#access = access;
  }

  /**
   * Whether a file differed from its state when the scene was shared: what the page renders then is no image of any
   * scene.
   */
  get changedMeanwhile(): boolean {
    return this.#changed;
  }

  /**
   * Shares a scene with the worker, in place of the previous one.
   *
   * @returns its address below the token's; a new one when the scene or a file it refers to has changed, so that the
   * page loads it again
   * @throws UserError when it cannot be read
   */
  async share(path: string): Promise<string> {
    const facts = await this.#reader.read(path);
    if (this.#scene?.path !== path || this.#scene.facts !== facts || this.#changed) {
      this.#scene = { path, facts, externals: new Map(facts.externals.map((file) => [file.uri, file])) };
      this.#number += 1;
      this.#changed = false;
    }
    return `${this.token}/${this.#number}/scene`;
  }

  /**
   * Opens the file behind an address; the caller closes it.
   *
   * @param number the scene's number in the address
   * @param uri the reference; undefined for the scene itself
   * @throws UserError when it is not available
   */
  async open(number: number, uri: string | undefined): Promise<{ file: FileHandle; bytes: number }> {
    const scene = this.#scene;
    if (!scene || number !== this.#number) throw new UserError('This scene is not being rendered any more.');
    const { path, facts, externals } = scene;
    const external = uri === undefined ? null : externals.get(uri);
    if (external === undefined)
      throw new UserError(`The scene “${basename(path)}” does not refer to “${shortened(uri!)}”.`);
    if (external && external.found === null) throw new UserError(sentenceOf(path, external));
    const file = external
      ? await this.#openExternal(path, external.path!, external.uri)
      : await openRegularFile(path).catch(() => this.#gone(basename(path)));
    try {
      const info = await file.stat({ bigint: true });
      if (stampOf(info) !== (external?.found ?? facts).stamp) this.#gone(uri ?? basename(path));
      return { file, bytes: Number(info.size) };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async #openExternal(scene: string, path: string, uri: string): Promise<FileHandle> {
    const allowed = await allowedFolders(scene, this.#access());
    try {
      return (await openAllowed(path, allowed)).handle;
    } catch (error) {
      const problem = problemOf(error, path, allowed);
      if (problem === null) return this.#gone(uri);
      throw new UserError(`“${basename(scene)}” needs “${shortened(uri)}”, ${problem}.`);
    }
  }

  #gone(name: string): never {
    this.#changed = true;
    throw new UserError(`“${shortened(name)}” was changed while the scene was loaded: it is loaded again.`);
  }
}
