import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { INSTALL_LIMITS } from '../../../../src/main/addons/install/install-limits';
import { stageAddon } from '../../../../src/main/addons/install/stage-addon';
import { UserError } from '../../../../src/shared/user-error';
import { mainEntry, manifestEntry, rawZip, type RawEntry, zip64Extra } from '../../../helpers/raw-zip';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** A whole add-on with one entry more. */
const plus = (...more: readonly RawEntry[]): Buffer => rawZip([manifestEntry(), mainEntry(), ...more]);
const named = (name: string | Buffer): Buffer => plus({ name, data: 'x' });
const MODE_LINK = 0o120777;

/** Each archive with what is said about it. */
const HOSTILE: Readonly<Record<string, readonly [() => Buffer, RegExp]>> = {
  'leads out of the folder': [() => named('../outside.txt'), /“\.\.\/outside\.txt” leads out of its folder/],
  'leads out in the middle': [() => named('a/../../outside.txt'), /leads out of its folder/],
  'leads out with backslashes': [() => named('..\\outside.txt'), /has a character that some machines don’t allow/],
  'an absolute path': [() => named('/etc/passwd'), /is an absolute path/],
  'a drive letter': [() => named('C:/Windows/x.dll'), /is an absolute path/],
  'a stream of NTFS': [() => named('main.mjs:hidden'), /has a character that some machines don’t allow/],
  'a link': [() => plus({ name: 'l', data: '/etc/passwd', mode: MODE_LINK }), /“l” is a link/],
  'a folder that is a link, and a file in it': [
    () => plus({ name: 'd', data: '/tmp', mode: MODE_LINK }, { name: 'd/x', data: 'x' }),
    /“d” is a link/,
  ],
  'a device': [() => plus({ name: 'tty', mode: 0o020666 }), /is neither a file nor a folder/],
  'a pipe': [() => plus({ name: 'pipe', mode: 0o010666 }), /is neither a file nor a folder/],
  'a device of Windows': [() => named('lib/NUL.txt'), /is one of a device on Windows/],
  'a device of Windows with a space before the dot': [() => named('lib/con .js'), /is one of a device on Windows/],
  'a name that ends with a dot': [() => named('lib/x.'), /ends with a dot or a space/],
  'two names that differ in case': [() => named('Main.mjs'), /differ in case or in the form of a letter only/],
  'two folders that differ in case': [
    () => plus({ name: 'lib/a', data: 'x' }, { name: 'LIB/b', data: 'x' }),
    /differ in case/,
  ],
  'two forms of one letter': [
    () => plus({ name: 'caf\u00e9', data: 'x' }, { name: 'cafe\u0301', data: 'y' }),
    /differ in case or in the form of a letter only/,
  ],
  'the same name twice': [
    () => rawZip([manifestEntry(), manifestEntry(), mainEntry()]),
    /“addon\.json” is in it twice/,
  ],
  'a file and a folder of one name': [
    () => plus({ name: 'lib', data: 'x' }, { name: 'lib/a', data: 'x' }),
    /“lib” is a file and a folder at once/,
  ],
  'a control character in a name': [() => named('a\u0000b'), /characters that cannot be shown/],
  'text direction in a name': [() => named('gpj.\u202esjm'), /characters that cannot be shown/],
  'a name that is no UTF-8': [() => named(Buffer.from([0x61, 0xff, 0xfe])), /characters that cannot be shown/],
  'a name that is too long': [() => named('a'.repeat(201)), /has more than 200 bytes/],
  'a path that is too deep': [() => named(`${'a/'.repeat(16)}x`), /lies in 16 folders, and at most 15/],
  'an empty name': [() => named(''), /a file without a name/],
  'too many files': [
    () => plus(...Array.from({ length: INSTALL_LIMITS.entries }, (_, n) => ({ name: `f${n}`, data: '' }))),
    /more than 5,000 files/,
  ],
  'a bomb': [
    () => plus({ name: 'zeros', data: Buffer.alloc(8 * 1024 ** 2) }),
    /“zeros” grows to more than 200 times its packed size/,
  ],
  'a bomb that says that it is small': [
    () => plus({ name: 'zeros', data: Buffer.alloc(300 * 1024 ** 2), says: { bytes: 100 } }),
    /“zeros” has more bytes than it says/,
  ],
  'more bytes than may be unpacked': [
    () =>
      plus(
        { name: 'big', data: 'x', says: { bytes: 200 * 1024 ** 2, packedBytes: 2 * 1024 ** 2 } },
        { name: 'big2', data: 'x', says: { bytes: 200 * 1024 ** 2, packedBytes: 2 * 1024 ** 2 } },
      ),
    /unpacked it has more than 256 MiB/,
  ],
  'a size of zip64 beyond every disk': [
    () =>
      plus({
        name: 'big',
        data: 'x',
        says: { bytes: 0xffffffff, packedBytes: 0xffffffff, extra: zip64Extra(2 ** 50, 2 ** 49) },
      }),
    /unpacked it has more than 256 MiB/,
  ],
  'a zip64 field without sizes': [
    () => plus({ name: 'big', data: 'x', says: { bytes: 0xffffffff, extra: zip64Extra() } }),
    /it is damaged, or no \.zip/,
  ],
  'fewer bytes than it says': [
    () => plus({ name: 'short', data: 'x', says: { bytes: 2 } }),
    /“short” has fewer bytes than it says/,
  ],
  'a wrong checksum': [() => plus({ name: 'x', data: 'x', says: { crc: 1 } }), /the checksum of “x” is wrong/],
  'bytes that are not deflated': [
    () => plus({ name: 'x', data: 'x', packed: Buffer.from('nothing of the kind') }),
    /it is damaged, or no \.zip/,
  ],
  'an encrypted file': [() => plus({ name: 'x', data: 'x', flags: 0x801 }), /“x” is encrypted/],
  'another way of packing': [() => plus({ name: 'x', data: 'x', method: 12 }), /packed in a way other than deflate/],
  'two entries with the same bytes': [
    () => plus({ name: 'twin', data: 'x', localName: 'addon.json', says: { offset: 0 } }),
    /shares bytes with another file/,
  ],
  'a file inside of another': [
    () => {
      const inner = rawZip([{ name: 'inner', data: 'hidden', method: 0 }]).subarray(0, 30 + 5 + 6);
      const outer = { name: 'outer', data: inner, method: 0 };
      const before = rawZip([manifestEntry(), mainEntry()]);
      const start = before.length - 22 - (46 + 10) - (46 + 8);
      return plus(outer, { name: 'inner', data: 'hidden', method: 0, says: { offset: start + 30 + 5 } });
    },
    /“inner” shares bytes with another file/,
  ],
  'a name that differs where its bytes are': [
    () => plus({ name: 'good.mjs', data: 'x', localName: 'evil.mjs' }),
    /has another name where its bytes are/,
  ],
  'bytes beyond its end': [
    () => plus({ name: 'x', data: 'x', method: 0, says: { bytes: 5_000, packedBytes: 5_000 } }),
    /it is damaged, or no \.zip/,
  ],
  'an offset beyond its end': [
    () => plus({ name: 'x', data: 'x', says: { offset: 1e6 } }),
    /it is damaged, or no \.zip/,
  ],
  'more files than it lists': [
    () => rawZip([manifestEntry(), mainEntry(), { name: 'hidden', data: 'x' }], { entries: 2 }),
    /it holds more files than it says/,
  ],
  'a program before its beginning': [
    () => rawZip([manifestEntry(), mainEntry()], { before: Buffer.from('#!/bin/sh\n') }),
    /there is something before its first file/,
  ],
  'something after its end': [
    () => rawZip([manifestEntry(), mainEntry()], { after: Buffer.from('more') }),
    /it is damaged, or no \.zip/,
  ],
  'cut in the middle': [() => plus().subarray(0, 200), /it is damaged, or no \.zip/],
  'no zip at all': [() => Buffer.from('MZ this is a program'), /it is damaged, or no \.zip/],
  'nothing at all': [() => Buffer.alloc(0), /it is damaged, or no \.zip/],
  'no addon.json': [() => rawZip([mainEntry()]), /it has no addon\.json/],
  'two add-ons': [
    () => rawZip([manifestEntry({}, 'a/'), mainEntry('a', 'a/'), manifestEntry({}, 'b/'), mainEntry('b', 'b/')]),
    /it has 2 add-ons in it/,
  ],
  'a file beside the add-on': [
    () => rawZip([manifestEntry({}, 'a/'), mainEntry('a', 'a/'), { name: 'b.mjs', data: 'x' }]),
    /“b\.mjs” lies beside the folder with the addon\.json/,
  ],
  'an addon.json that is none': [
    () => rawZip([{ name: 'addon.json', data: '{' }, mainEntry()]),
    /its addon\.json is not JSON/,
  ],
  'a huge addon.json': [
    () => rawZip([manifestEntry({ description: 'long '.repeat(60_000) }), mainEntry()]),
    /its addon\.json has \d+ bytes/,
  ],
  'an id that is a path': [() => rawZip([manifestEntry({ id: '../small' }), mainEntry()]), /“id” is wrong/],
  'a main that leads out': [() => rawZip([manifestEntry({ main: '../main.mjs' }), mainEntry()]), /“main” is wrong/],
  'a main that is not in it': [() => rawZip([manifestEntry()]), /its main module “main\.mjs” is not there/],
  'an add-on for another host': [
    () => rawZip([manifestEntry({ hostVersionMin: '99.0.0' }), mainEntry()]),
    /it needs Framegauge 99\.0\.0 or later/,
  ],
};

describe('a hostile archive is refused with a sentence, and nothing is left of it', () => {
  it.each(Object.entries(HOSTILE))('%s', async (_what, [make, sentence]) => {
    const folder = temporaryFolder();
    const addons = join(folder, 'data', 'addons');
    await mkdir(addons, { recursive: true });
    const file = join(folder, 'hostile.zip');
    await writeFile(file, make());
    const refused = await stageAddon(file, addons, '0.1.0').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UserError);
    const { message, kind } = refused as UserError;
    expect(message).toMatch(sentence);
    expect(message).toMatch(
      /^(?:“hostile\.zip” cannot be installed|The add-on in “hostile\.zip” cannot be used): .*\.$/,
    );
    expect(kind).toBe('arguments');
    expect(await readdir(folder, { recursive: true })).toEqual(['data', 'hostile.zip', 'data/addons']);
  });

  it('a file that is too large is not even opened as an archive', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'large.zip');
    await writeFile(file, plus());
    const { truncate } = await import('node:fs/promises');
    await truncate(file, INSTALL_LIMITS.archiveBytes + 1);
    await expect(stageAddon(file, join(folder, 'addons'), '0.1.0')).rejects.toThrow(
      `“large.zip” cannot be installed: it has ${INSTALL_LIMITS.archiveBytes + 1} bytes, and at most 64 MiB are taken.`,
    );
  });
});

describe('a good archive', () => {
  const install = async (bytes: Buffer): Promise<string[]> => {
    const folder = temporaryFolder();
    const file = join(folder, 'good.zip');
    await writeFile(file, bytes);
    const staged = await stageAddon(file, join(folder, 'addons'), '0.1.0');
    expect(staged.manifest).toMatchObject({ id: 'small', version: '1.0.0' });
    return (await readdir(staged.folder, { recursive: true })).sort();
  };

  it('is unpacked, stored and deflated files alike, with folders and empty files', async () => {
    const big = Buffer.from('0123456789abcdef'.repeat(200_000));
    expect(
      await install(
        plus(
          { name: 'lib/', mode: 0o040755 },
          { name: 'lib/stored.mjs', data: big, method: 0 },
          { name: 'lib/empty', data: '', mode: 0o100644 },
          { name: 'größe/日本.txt', data: 'x' },
        ),
      ),
    ).toEqual(['addon.json', 'größe', 'größe/日本.txt', 'lib', 'lib/empty', 'lib/stored.mjs', 'main.mjs']);
  });

  it('may be packed with its folder, and what systems leave in archives stays out', async () => {
    expect(
      await install(
        rawZip([
          { name: 'small-main/', mode: 0o040755 },
          manifestEntry({}, 'small-main/'),
          mainEntry('x', 'small-main/'),
          { name: 'small-main/.DS_Store', data: 'x' },
          { name: '__MACOSX/small-main/._addon.json', data: 'x' },
        ]),
      ),
    ).toEqual(['addon.json', 'main.mjs']);
  });

  it('may have sizes of zip64, and data descriptors', async () => {
    const data = Buffer.from('large'.repeat(10));
    const packed = deflateRawSync(data);
    expect(
      await install(
        plus({
          name: 'x',
          data,
          packed,
          says: {
            bytes: 0xffffffff,
            packedBytes: 0xffffffff,
            extra: zip64Extra(data.length, packed.length),
          },
        }),
      ),
    ).toEqual(['addon.json', 'main.mjs', 'x']);
  });
});
