import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary.ts';

/** Files of a private authority, and of a server on 127.0.0.1 and a client that it vouches for. */
export interface Certificates {
  readonly ca: string;
  readonly server: KeyPair;
  readonly client: KeyPair;
}

export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Makes them with the program `openssl`, in a folder that is gone after the test. */
export function makeCertificates(): Certificates {
  // Redis reads its paths from lines, in which a space ends a word.
  const folder = temporaryFolder('hangarbay-tls-');
  const file = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const caFiles = ['-keyout', file('ca.key'), '-out', file('ca.crt')];
  openssl('req', '-x509', ...newKey, ...caFiles, '-days', '2', '-subj', '/CN=Private authority');
  const authority = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial'];
  const names = ['-extfile', file('names')];
  writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1\n');
  function pair(name: string): KeyPair {
    const made = { certificate: file(`${name}.crt`), key: file(`${name}.key`) };
    openssl('req', ...newKey, '-keyout', made.key, '-out', file('request'), '-subj', `/CN=${name}`);
    openssl('x509', '-req', '-in', file('request'), ...authority, '-out', made.certificate, '-days', '2', ...names);
    return made;
  }
  return { ca: file('ca.crt'), server: pair('server'), client: pair('client') };
}
