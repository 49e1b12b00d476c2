import packageJson from '../../package.json' with { type: 'json' };

/** Names the program, and whom to write to about it, as ESI asks. */
export function userAgent(contact: string | undefined): string {
  return `hangarbay/${packageJson.version} (${contact ?? 'no contact given'}; +${packageJson.homepage})`;
}
