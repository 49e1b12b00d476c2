import packageJson from '../../package.json' with { type: 'json' };

/** The output of `--version`. */
export const versionText = `hangarbay ${packageJson.version}`;
