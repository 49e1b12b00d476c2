import { onTestFinished } from 'vitest';
import { startStandInEsi } from './server.ts';
import type { StandInEsi, StandInOptions } from './types.ts';

/** Starts a stand-in ESI that is closed when the test has finished. */
export async function openEsi(options?: StandInOptions): Promise<StandInEsi> {
  const esi = await startStandInEsi(options);
  onTestFinished(() => esi.close());
  return esi;
}

/** Requests a path and reads the whole answer; `json` is undefined unless the body is JSON. */
export async function ask(
  esi: StandInEsi,
  path: string,
  init?: RequestInit,
): Promise<{ status: number; headers: Headers; text: string; json: unknown }> {
  const response = await fetch(`${esi.url}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

/** The `contract_id`s of a list's page. */
export function contractIds(json: unknown): number[] {
  return (json as { contract_id: number }[]).map(({ contract_id }) => contract_id);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
