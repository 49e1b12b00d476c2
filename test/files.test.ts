import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readText, readTextIfThere, replaceFile } from '../src/files.ts';
import { temporaryFolder } from './helpers/temporary.ts';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('a file that is replaced', () => {
  let umask: number;
  beforeEach(() => {
    umask = process.umask(0);
  });
  afterEach(() => {
    process.umask(umask);
  });

  it('is made where it was not there, with its folders, for its owner alone', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a', 'b', 'views.json');
    replaceFile(path, 'text\n');
    expect(readFileSync(path, 'utf8')).toBe('text\n');
    expect([path, dirname(path), join(folder, 'a')].map(modeOf)).toEqual(['600', '700', '700']);
    expect(readdirSync(dirname(path))).toEqual(['views.json']);
  });

  it('has no rights that the umask forbids', () => {
    const path = join(temporaryFolder(), 'views.json');
    process.umask(0o277);
    replaceFile(path, 'text');
    expect(modeOf(path)).toBe('400');
  });

  it.each(['600', '640', '644', '400'])('keeps its rights %s, whatever the umask', (mode) => {
    const path = join(temporaryFolder(), 'views.json');
    writeFileSync(path, 'old');
    chmodSync(path, Number.parseInt(mode, 8));
    process.umask(0o077);
    replaceFile(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(modeOf(path)).toBe(mode);
  });

  it('leaves the rights of its folder alone', () => {
    const folder = join(temporaryFolder(), 'shared');
    mkdirSync(folder, { mode: 0o755 });
    replaceFile(join(folder, 'views.json'), 'text');
    expect(modeOf(folder)).toBe('755');
  });

  it('is found through links, which stay', () => {
    const folder = temporaryFolder();
    const [path, between, kept] = ['views.json', 'between', 'kept.json'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(kept, 'old', { mode: 0o640 });
    symlinkSync('kept.json', between);
    symlinkSync(between, path);
    replaceFile(path, 'new');
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readlinkSync(between)).toBe('kept.json');
    expect(readFileSync(kept, 'utf8')).toBe('new');
    expect(modeOf(kept)).toBe('640');
    expect(readdirSync(folder).toSorted()).toEqual(['between', 'kept.json', 'views.json']);
  });
});

describe('a file is not replaced, and nothing is left next to it,', () => {
  const nowhere = join(import.meta.dirname, 'not', 'mounted');

  it('where it is a link that leads nowhere', () => {
    const path = join(temporaryFolder(), 'views.json');
    symlinkSync(nowhere, path);
    expect(() => replaceFile(path, 'text')).toThrow(/dangling symbolic link.*fix it or remove it/);
    expect(readlinkSync(path)).toBe(nowhere);
    expect(readdirSync(dirname(path))).toEqual(['views.json']);
  });

  it('where it is a link that leads to itself', () => {
    const path = join(temporaryFolder(), 'views.json');
    symlinkSync(path, path);
    expect(() => replaceFile(path, 'text')).toThrow('ELOOP');
    expect(readdirSync(dirname(path))).toEqual(['views.json']);
  });

  it.each([
    ['a folder', () => temporaryFolder()],
    ['a device', () => '/dev/null'],
  ])('where it leads to %s', (_, make) => {
    const target = make();
    const path = join(temporaryFolder(), 'views.json');
    symlinkSync(target, path);
    expect(() => replaceFile(path, 'text')).toThrow('it is not a file');
    expect(statSync(target).isFile()).toBe(false);
    expect(readdirSync(dirname(path))).toEqual(['views.json']);
  });

  it('where its folder is not a folder', () => {
    const folder = join(temporaryFolder(), 'hangarbay');
    writeFileSync(folder, 'in the way');
    expect(() => replaceFile(join(folder, 'views.json'), 'text')).toThrow(/EEXIST|ENOTDIR/);
    expect(readFileSync(folder, 'utf8')).toBe('in the way');
  });
});

describe('a file that is read', () => {
  it('may be absent', () => {
    expect(readTextIfThere(join(temporaryFolder(), 'views.json'))).toBeUndefined();
    expect(readTextIfThere(join(temporaryFolder(), 'hangarbay', 'views.json'))).toBeUndefined();
  });

  it('is an error when it is a dangling link', () => {
    const path = join(temporaryFolder(), 'views.json');
    symlinkSync('gone', path);
    expect(() => readTextIfThere(path)).toThrow('dangling symbolic link');
  });

  it('has no byte-order mark, which some editors put in front', () => {
    const path = join(temporaryFolder(), 'views.json');
    writeFileSync(path, '\uFEFFtext\uFEFF');
    expect(readText(path)).toBe('text\uFEFF');
    expect(readTextIfThere(path)).toBe('text\uFEFF');
  });
});
