import packageJson from '../../package.json' with { type: 'json' };

/** What `--version` prints. */
export const versionText = `hangarbay ${packageJson.version}`;
