import { versionText } from './commands/version.ts';
import { exitCodes } from './exit-codes.ts';
import { beginCommand } from './process/command.ts';

/**
 * Runs the program and sets the exit code. The process ends by itself when its work is done, because `process.exit`
 * would truncate output that is still on its way into a pipe.
 */
export async function main(argv: readonly string[]): Promise<void> {
  beginCommand();
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `| head` closes the pipe, which ends the work normally.
    if (error.code === 'EPIPE') return;
    process.exitCode = exitCodes.failure;
    void import('./commands/options.ts').then(({ activeLog }) => {
      activeLog().error(`cannot write the output: ${error.message}`);
    });
  });
  // A log line that cannot be written is lost, and the program continues.
  process.stderr.on('error', () => {});
  const words = argv.slice(2);
  // Handled here, because loading the command line takes longer than printing the version.
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
    process.stdout.write(`${versionText}\n`);
    return;
  }
  try {
    const { run } = await import('./commands/program.ts');
    await run(argv);
  } catch (error) {
    const { reportError } = await import('./commands/report-error.ts');
    process.exitCode = reportError(error);
  }
  endSoon();
}

/** After an outage the PostgreSQL driver may keep unreferenced connections, which must not keep the process alive. */
function endSoon(): void {
  const patienceMilliseconds = 500;
  const check = () => (process.stdout.writableLength === 0 ? process.exit() : endSoon());
  setTimeout(check, patienceMilliseconds).unref();
}
