import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openTestClient } from '../helpers/client.ts';
import { retryAtOnce } from '../helpers/time.ts';

beforeEach(retryAtOnce);

/** A server with the test's answers, which counts its requests. */
async function serve(listener: RequestListener): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    // A client that closes the connection early.
    response.on('error', () => {});
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

const megabyte = Buffer.alloc(1024 * 1024, ' ');

describe('a redirect to another host', () => {
  test.each([301, 302, 303, 307, 308])('%i is refused, and that host hears nothing', async (status) => {
    const elsewhere = await serve((_, response) => response.end('[]'));
    const { url } = await serve((_, response) => {
      response.writeHead(status, { Location: `${elsewhere.url}/universe/regions` }).end();
    });
    const { client } = openTestClient({ url });
    await expect(client.request('universe/regions')).rejects.toMatchObject({ name: 'EsiFault', status });
    await expect(client.request('universe/names', { json: [1] })).rejects.toMatchObject({ name: 'EsiFault', status });
    expect(elsewhere.asked()).toBe(0);
  });
});

describe('an answer without measure', () => {
  test('is cut off when it is longer than any that ESI sends', async () => {
    let sent = 0;
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write(megabyte)) sent += 1;
        sent += 1;
      };
      response.on('drain', more);
      more();
    });
    const { client } = openTestClient({ url });
    await expect(client.request('universe/regions')).rejects.toMatchObject({ name: 'EsiFault' });
    // Four attempts of 64 MB, plus bytes in flight.
    expect(sent).toBeLessThan(4 * 80);
  });

  test('is not larger when compressed', async () => {
    const bomb = gzipSync(Buffer.concat(Array.from({ length: 65 }, () => megabyte)));
    expect(bomb.length).toBeLessThan(100_000);
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);
    });
    const { client } = openTestClient({ url });
    await expect(client.request('universe/regions')).rejects.toMatchObject({ name: 'EsiFault' });
  });

  test.each([
    ['garbage that says it is packed', { 'Content-Encoding': 'gzip' }, Buffer.from('garbage')],
    ['packed in a way that was not asked for', { 'Content-Encoding': 'br' }, Buffer.from([0x0b, 0x02, 0x80])],
    ['bytes that are no UTF-8', {}, Buffer.from([0xff, 0xfe, 0x00])],
  ])('%s is a fault', async (_, headers, body) => {
    const { url } = await serve((_request, response) => response.writeHead(200, headers).end(body));
    await expect(openTestClient({ url }).client.request('universe/regions')).rejects.toMatchObject({
      name: 'EsiFault',
    });
  });
});
