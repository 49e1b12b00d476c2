/*
 * A process that runs commands of the built program one after another, each as if it were a process of its own: with its
 * own command line, environment, streams and exit code. Modules are loaded, and compiled, for the first of them only.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Task } from './residents.ts';

const root = join(import.meta.dirname, '../..');
// Not an import that is declared, since the file is there only when the program is built.
const { main } = (await import(join(root, 'dist/cli.js'))) as { main(argv: readonly string[]): Promise<void> };

class Command {
  readonly stdin = Readable.from([]);
  readonly stdout = new Collected();
  readonly stderr = new Collected();
  readonly #end = Promise.withResolvers<Answer>();
  readonly ended = this.#end.promise;

  end(code: number, isLast: boolean): void {
    this.#end.resolve({ code, stdout: this.stdout.text, stderr: this.stderr.text, isLast });
  }
}

class Collected extends Writable {
  text = '';
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += this.#decoder.decode(chunk, { stream: true });
    done();
  }
}

/** A process that has not ended by itself half a second after its work is made to, by the program itself. */
const patience = 500;
const ofCommand = new AsyncLocalStorage<Command>();
let current: Command | undefined;

for (const name of ['stdin', 'stdout', 'stderr'] as const) {
  const own = Object.getOwnPropertyDescriptor(process, name)?.get;
  Object.defineProperty(process, name, { configurable: true, get: () => current?.[name] ?? own?.call(process) });
}
const leave = process.exit.bind(process);
process.exit = ((code) => {
  // Of a command that has ended already, it is the timer that ends a process which does not end by itself.
  if (current === undefined || ofCommand.getStore() !== current) return;
  current.end(Number(code ?? process.exitCode ?? 0), true);
  throw new Error('the command has ended');
}) as typeof process.exit;
process.on('warning', ({ stack = '' }) => current?.stderr.write(`${stack}\n`));
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => {
    current?.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    current?.end(1, true);
  });
}
process.on('disconnect', () => leave());
process.on('message', (task: Task) => void perform(task));

async function perform({ args, environment, folder }: Task): Promise<void> {
  // Native code reads the one that the program has set when it was loaded.
  for (const name of Object.keys(process.env)) if (name !== 'SQLITE_USE_URI') delete process.env[name];
  Object.assign(process.env, environment);
  process.chdir(folder);
  process.argv = [process.execPath, join(root, 'bin/hangarbay.js'), ...args];
  process.exitCode = undefined;
  const command = new Command();
  current = command;
  const before = process.getActiveResourcesInfo().length;
  const isBusy = () => process.getActiveResourcesInfo().length > before;
  ofCommand.run(command, async () => {
    await main(process.argv);
    for (let waited = 0; isBusy() && waited < patience; waited += 1) await sleep(1);
    command.end(Number(process.exitCode ?? 0), isBusy());
  });
  const answer = await command.ended;
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  current = undefined;
  process.exitCode = undefined;
  process.send?.(answer, () => {
    if (answer.isLast) leave();
  });
}
