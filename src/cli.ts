import { versionText } from './commands/version.ts';
import { exitCodes } from './exit-codes.ts';
import { beginCommand } from './process/command.ts';

/**
 * Runs the program and sets the process's exit code. The process ends by itself when its work is done: `process.exit`
 * would cut off what is still on its way into a pipe.
 */
export async function main(argv: readonly string[]): Promise<void> {
  beginCommand();
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `| head` closes the pipe when it has seen enough: the end of the work, not a failure.
    if (error.code === 'EPIPE') return;
    process.exitCode = exitCodes.failure;
    void import('./commands/options.ts').then(({ activeLog }) => {
      activeLog().error(`cannot write the output: ${error.message}`);
    });
  });
  // A line of the log that cannot be written is lost; what it tells of goes on.
  process.stderr.on('error', () => {});
  const words = argv.slice(2);
  // Answered here, because loading the command line takes longer than the answer.
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
    process.stdout.write(`${versionText}\n`);
    return;
  }
  try {
    const { run } = await import('./commands/program.ts');
    await run(argv);
  } catch (error) {
    const { tell } = await import('./commands/tell.ts');
    process.exitCode = tell(error);
  }
  endSoon();
}

/** After an outage the PostgreSQL driver may keep connections that nobody knows of; they must not keep the process. */
function endSoon(): void {
  const patienceMilliseconds = 500;
  const check = () => (process.stdout.writableLength === 0 ? process.exit() : endSoon());
  setTimeout(check, patienceMilliseconds).unref();
}
