import type { Command } from 'commander';
import { readConfig, type SettingName } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { showControlCharacters } from '../../visible.ts';
import { addExamples } from '../examples.ts';
import { addSettings, type CommonFlags, logFor, logSettings } from '../options.ts';
import { printJson } from '../output.ts';
import { summaries } from '../summaries.ts';
import { examine, type Finding } from './finding.ts';

const names = [
  'databaseUrl',
  'cacheUrl',
  'esiUrl',
  'contact',
  'regions',
  'downtime',
  ...logSettings,
] as const satisfies SettingName[];

interface DoctorFlags extends CommonFlags {
  readonly json?: true;
}

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .summary(summaries.doctor)
    .description(
      'Checks the requirements of passes: Node.js, database, files, disk, clock, ESI, cache, lock, static data. Prints what it\n' +
        'finds and how to fix it, and changes nothing. Use the same settings and the same user as for aggregate.',
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExit codes: 0 no problem, 3 at least one problem. A notice is not a problem.');
  addExamples(command, 'doctor');
  addSettings(command, names).action(doctor);
}

async function doctor(flags: DoctorFlags): Promise<void> {
  const config = readConfig(names, { flags, environment: process.env });
  logFor(config, flags);
  const machine = await import('./machine.ts');
  const services = await import('./services.ts');
  const { databaseFindings } = await import('./database.ts');
  const findings = (
    await Promise.all([
      examine('node', '', () => [machine.nodeFinding(), machine.contactFinding(config.contact)]),
      examine('rights', 'check the database path', () => machine.fileFindings(config.databaseUrl)),
      examine('database', 'check the database setting and the server', () => databaseFindings(config)),
      examine('cache', 'passes continue without validators; check the setting and the server', () =>
        services.cacheFindings(config),
      ),
      examine('esi', 'check the network, the proxy and HANGARBAY_ESI_URL', () => services.esiFindings(config)),
    ])
  ).flat();
  const problems = findings.filter(({ status }) => status === 'problem').length;
  const exit_code = problems > 0 ? exitCodes.partial : exitCodes.done;
  process.exitCode = exit_code;
  if (flags.json === true) printJson({ findings, problems, exit_code });
  else process.stdout.write(findings.map(lineOf).join(''));
}

const widest = 'compatibility date'.length;

function lineOf({ check, status, found, advice }: Finding): string {
  const remedy = advice === null || advice === '' ? '' : `\n${' '.repeat(9)}${' '.repeat(widest)}  ${advice}`;
  return `${showControlCharacters(`${status.padEnd(9)}${check.padEnd(widest)}  ${found}`)}${remedy}\n`;
}
