import { Agent, EnvHttpProxyAgent, request } from 'undici';
import { isProxyNamed } from './proxy.ts';

export interface RequestOnce {
  readonly method?: 'GET' | 'POST';
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMilliseconds: number;
}

/** Maximum size of an answer. */
const longestAnswerBytes = 1_000_000;

/**
 * One request over its own connection, through the proxy if one is set, without retries and without a governor. For
 * requests outside of a pass.
 *
 * @throws {Error} when no answer arrives in time
 */
export async function requestOnce(
  url: URL,
  { method = 'GET', body, headers = {}, timeoutMilliseconds }: RequestOnce,
): Promise<{ status: number; headers: Readonly<Record<string, string | string[] | undefined>>; text: string }> {
  const Pool = isProxyNamed(process.env) ? EnvHttpProxyAgent : Agent;
  const dispatcher = new Pool({ maxResponseSize: longestAnswerBytes });
  try {
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    const answer = await request(url, { method, headers: { ...headers }, body: body ?? null, dispatcher, signal });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  } finally {
    await dispatcher.destroy();
  }
}
