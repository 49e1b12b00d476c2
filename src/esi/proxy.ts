import { UsageError } from '../errors.ts';

const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/**
 * Whether the environment sets a proxy.
 *
 * @throws {UsageError} when the proxy's URL is invalid
 */
export function isProxyNamed(environment: NodeJS.ProcessEnv): boolean {
  const named = proxyVariables.filter((name) => environment[name]);
  for (const name of named) {
    const url = URL.parse(environment[name] ?? '');
    // The value is not shown because it may contain a password.
    if (url === null || !['http:', 'https:'].includes(url.protocol)) {
      throw new UsageError(`${name} is not an http or https URL. Set it like ${name}=http://proxy.example:3128`);
    }
  }
  return named.length > 0;
}
