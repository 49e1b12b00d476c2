import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import { openTestClient } from '../helpers/client.ts';

/** A proxy that connects to the requested address and records it. */
async function openProxy() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const [host = '', port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function setEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

describe('a proxy in the environment', () => {
  test('is what ESI is asked through', async () => {
    const [esi, proxy] = [await openEsi(), await openProxy()];
    setEnvironment({ HTTP_PROXY: proxy.url });
    await expect(openTestClient(esi).client.request('status')).resolves.toMatchObject({ kind: 'ok' });
    expect(proxy.asked).toEqual([new URL(esi.url).host]);
  });

  test('is left aside for what NO_PROXY names', async () => {
    const [esi, proxy] = [await openEsi(), await openProxy()];
    setEnvironment({ HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' });
    await expect(openTestClient(esi).client.request('status')).resolves.toMatchObject({ kind: 'ok' });
    expect(proxy.asked).toEqual([]);
  });

  test.each(['proxy.example:3128', 'socks5://user:hunter2@proxy.example', 'nonsense'])(
    'that is none is refused by the name of its variable: %s',
    async (value) => {
      const esi = await openEsi();
      setEnvironment({ HTTPS_PROXY: value });
      expect(() => openTestClient(esi)).toThrow('HTTPS_PROXY is not an http or https URL');
      expect(() => openTestClient(esi)).not.toThrow('hunter2');
    },
  );
});
