import type { FileHandle } from 'node:fs/promises';
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { shortened } from '../../../shared/shortened';
import { openRegularFile } from '../../data/open-regular-file';
import { addonRoot } from './addon-root';
import { createEntryNames, RefusedContent } from './entry-names';
import { HandleReader } from './handle-reader';
import { INSTALL_LIMITS, inMebibytes, isLitter } from './install-limits';
import { createFileWriter, tooLarge } from './write-files';

/** Types of a Unix mode, as the upper half of an entry's external attributes has them. */
const TYPE = 0o170000;
const TYPES: readonly number[] = [0, 0o100000, 0o040000];
const LINK = 0o120000;
const CENTRAL_HEADER = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

interface ArchiveEntry {
  readonly entry: Entry;
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

/**
 * Unpacks the add-on of a .zip into an empty folder. The list of files is checked before anything is written; what it
 * hides, such as a false size, is found while the bytes arrive, in small pieces.
 *
 * @throws RefusedContent, or Error from the file system; the folder may then have some files
 */
export async function unpackArchive(archive: string, target: string): Promise<void> {
  const handle = await openRegularFile(archive);
  try {
    const { size } = await handle.stat();
    if (size > INSTALL_LIMITS.archiveBytes)
      throw new RefusedContent(
        `it has ${size} bytes, and at most ${inMebibytes(INSTALL_LIMITS.archiveBytes)} are taken`,
      );
    const zip = await openArchive(handle, size);
    try {
      const entries = await listEntries(zip, handle);
      await checkPlaces(zip, entries);
      const wanted = entries.filter(({ path }) => !isLitter(path));
      const root = addonRoot(wanted.flatMap(({ path, kind }) => (kind === 'file' ? [path] : [])));
      const writer = createFileWriter(target);
      for (const { entry, path, kind } of wanted) {
        const inside = path.slice(root.length);
        // The folder that the whole add-on is packed in.
        if (inside === '' || !path.startsWith(root)) continue;
        if (kind === 'folder') await writer.folder(inside);
        else await writer.file(inside, await readable(zip, entry), { bytes: entry.uncompressedSize, crc: entry.crc32 });
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    // Of the inflating, on bytes that are not deflated.
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw damaged();
    throw error;
  } finally {
    await handle.close();
  }
}

const damaged = (): RefusedContent => new RefusedContent('it is damaged, or no .zip');

/** The reader's own messages are for programmers and quote the archive. */
async function openArchive(handle: FileHandle, size: number): Promise<ZipFile> {
  try {
    // Names and sizes are checked here, in our words.
    return await fromRandomAccessReaderPromise(new HandleReader(handle), size, {
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: false,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    throw damaged();
  }
}

async function listEntries(zip: ZipFile, handle: FileHandle): Promise<ArchiveEntry[]> {
  if (zip.entryCount > INSTALL_LIMITS.entries) throw tooMany();
  const names = createEntryNames();
  const entries: ArchiveEntry[] = [];
  let bytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const { path, kind } = admitEntry(entry);
      names.admit(path, kind);
      bytes += entry.uncompressedSize;
      if (bytes > INSTALL_LIMITS.unpackedBytes) throw tooLarge();
      entries.push({ entry, path, kind });
    }
  } catch (error) {
    if (error instanceof RefusedContent || (error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    throw damaged();
  }
  // Another program could take the entries that this list does not count.
  const next = Buffer.alloc(4);
  await handle.read(next, 0, 4, Number(zip.readEntryCursor));
  if (next.readUInt32LE(0) === CENTRAL_HEADER) throw new RefusedContent('it holds more files than it says');
  return entries;
}

const tooMany = (): RefusedContent =>
  new RefusedContent(`it has more than ${INSTALL_LIMITS.entries.toLocaleString('en')} files`);

/** @throws RefusedContent when it is neither a file nor a folder, or cannot be unpacked */
function admitEntry(entry: Entry): Pick<ArchiveEntry, 'path' | 'kind'> {
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
  const shown = `“${shortened(name)}”`;
  const type = (entry.externalFileAttributes >>> 16) & TYPE;
  if (type === LINK) throw new RefusedContent(`${shown} is a link, which could lead anywhere`);
  if (!TYPES.includes(type)) throw new RefusedContent(`${shown} is neither a file nor a folder`);
  const kind = name.endsWith('/') ? 'folder' : 'file';
  if (type !== 0 && (type === 0o040000) !== (kind === 'folder'))
    throw new RefusedContent(`${shown} is a file and a folder at once`);
  if (entry.isEncrypted()) throw new RefusedContent(`${shown} is encrypted`);
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    throw new RefusedContent(`${shown} is packed in a way other than deflate`);
  if (kind === 'folder' && entry.uncompressedSize > 0) throw new RefusedContent(`the folder ${shown} has bytes`);
  if (
    entry.uncompressedSize > INSTALL_LIMITS.ratioFrom &&
    entry.uncompressedSize > entry.compressedSize * INSTALL_LIMITS.ratio
  )
    throw new RefusedContent(`${shown} grows to more than ${INSTALL_LIMITS.ratio} times its packed size`);
  return { path: kind === 'folder' ? name.slice(0, -1) : name, kind };
}

/**
 * Every file has bytes of its own, one after another from the beginning: entries that share bytes make bombs, and what
 * stands before the first could be a program.
 */
async function checkPlaces(zip: ZipFile, entries: readonly ArchiveEntry[]): Promise<void> {
  const inOrder = [...entries].sort(
    (a, b) => a.entry.relativeOffsetOfLocalHeader - b.entry.relativeOffsetOfLocalHeader,
  );
  let end = 0;
  for (const [index, { entry, path }] of inOrder.entries()) {
    const start = entry.relativeOffsetOfLocalHeader;
    if (index === 0 && start !== 0) throw new RefusedContent('there is something before its first file');
    if (start < end) throw new RefusedContent(`“${shortened(path)}” shares bytes with another file`);
    let header;
    try {
      header = await zip.readLocalFileHeaderPromise(entry);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
      throw damaged();
    }
    if (!header.fileName.equals(entry.fileNameRaw))
      throw new RefusedContent(`“${shortened(path)}” has another name where its bytes are`);
    end = header.fileDataStart + entry.compressedSize;
  }
}

async function readable(zip: ZipFile, entry: Entry): Promise<Awaited<ReturnType<ZipFile['openReadStreamPromise']>>> {
  try {
    return await zip.openReadStreamPromise(entry);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    throw damaged();
  }
}
