import packageJson from '../../package.json' with { type: 'json' };

/** The program and the user's contact, as ESI asks. */
export function userAgent(contact: string | undefined): string {
  return `hangarbay/${packageJson.version} (${contact ?? 'no contact given'}; +${packageJson.homepage})`;
}
