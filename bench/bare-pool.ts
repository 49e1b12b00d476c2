/**
 * The cost of the network: `node bench/bare-pool.ts URL` requests the lists of all regions and the items of all their
 * contracts through a bare pool of 20 connections, parses the answers, and discards them. Prints requests and
 * milliseconds as JSON.
 */
import { gunzipSync } from 'node:zlib';
import pMap from 'p-map';
import { Pool } from 'undici';

const connections = 20;
const [url = ''] = process.argv.slice(2);
const pool = new Pool(url, { connections });
let requests = 0;

async function get(path: string): Promise<{ body: unknown; pages: number }> {
  requests += 1;
  const { statusCode, headers, body } = await pool.request({
    path,
    method: 'GET',
    headers: { 'accept-encoding': 'gzip' },
  });
  const bytes = Buffer.from(await body.arrayBuffer());
  if (statusCode !== 200) return { body: [], pages: 1 };
  const text = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
  return { body: JSON.parse(text.toString('utf8')), pages: Number(headers['x-pages'] ?? 1) };
}

async function allPages(path: string): Promise<unknown[]> {
  const first = await get(path);
  const rows = [...(first.body as unknown[])];
  for (let page = 2; page <= first.pages; page += 1) {
    rows.push(...((await get(`${path}?page=${page}`)).body as unknown[]));
  }
  return rows;
}

const begun = performance.now();
// Twice as many requests as connections, so that no connection is idle.
const concurrency = connections * 2;
const { body: regions } = await get('/universe/regions');
const lists = await pMap(regions as number[], (region) => allPages(`/contracts/public/${region}`), { concurrency });
const contracts = (lists.flat() as { contract_id: number; type: string }[]).filter(({ type }) => type !== 'courier');
await pMap(contracts, ({ contract_id }) => allPages(`/contracts/public/items/${contract_id}`), { concurrency });
process.stdout.write(`${JSON.stringify({ requests, milliseconds: performance.now() - begun })}\n`);
await pool.close();
