/**
 * The packaged program is an archive that only Electron's own file functions can read. Threads, and add-on processes
 * under Node's permission model, need plain files; the packager puts theirs beside the archive.
 *
 * @param path of a built file or folder
 * @returns its path as a plain file
 */
export function unpackedPath(path: string): string {
  return path.replace(/([\\/]app\.asar)(?=[\\/])/, '$1.unpacked');
}
