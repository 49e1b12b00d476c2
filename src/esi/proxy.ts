import { UsageError } from '../errors.ts';

const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/**
 * Whether the environment names a proxy.
 *
 * @throws {UsageError} when it names one that cannot be one
 */
export function isProxyNamed(environment: NodeJS.ProcessEnv): boolean {
  const named = proxyVariables.filter((name) => environment[name]);
  for (const name of named) {
    const url = URL.parse(environment[name] ?? '');
    // The value is not repeated: it may hold a password.
    if (url === null || !['http:', 'https:'].includes(url.protocol)) {
      throw new UsageError(`${name} is not the URL of a proxy; for example ${name}=http://proxy.example:3128`);
    }
  }
  return named.length > 0;
}
