import { createClient } from '@keyv/redis';
import { placesText } from '../connection-url.ts';
import { messageOf } from '../errors.ts';
import type { SentinelAddress, ServerPlace } from './address.ts';

/** Time limit per Sentinel. */
const patienceMilliseconds = 1_000;

/**
 * Asks the Sentinels for the address of the master, one after the other, as Redis' guidelines for Sentinel clients say. The
 * library's own Sentinel client prints failures on stdout, into the data, and tries 16 times.
 *
 * @throws when no Sentinel knows the master
 */
export async function findMaster(address: SentinelAddress): Promise<ServerPlace> {
  const unknown: string[] = [];
  for (const place of address.places) {
    try {
      const found = await askSentinel(place, address);
      if (found !== undefined) return found;
      unknown.push(`${placesText([place])} watches no master of that name`);
    } catch (error) {
      unknown.push(`${placesText([place])}: ${messageOf(error)}`);
    }
  }
  throw new Error(`no Sentinel knows where ${address.master} is: ${unknown.join('; ')}`);
}

async function askSentinel(place: ServerPlace, address: SentinelAddress): Promise<ServerPlace | undefined> {
  const { sentinelUser: username, sentinelPassword: password, tls } = address;
  const client = createClient({
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    disableOfflineQueue: true,
    disableClientInfo: true,
    socket: {
      ...place,
      ...(tls && { ...tls, tls: true }),
      connectTimeout: patienceMilliseconds,
      socketTimeout: patienceMilliseconds,
      reconnectStrategy: false,
    },
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const answer = await client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', address.master]);
    const [host, port] = (answer ?? []) as unknown as [string?, string?];
    return host === undefined ? undefined : { host, port: Number(port) };
  } finally {
    if (client.isOpen) client.destroy();
  }
}
