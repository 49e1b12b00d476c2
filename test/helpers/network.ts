import { execFileSync, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Running, startProcess } from './cli.ts';

/** Hosts of a network of their own, in namespaces of this machine, which is in that network too. */
export interface Network {
  /** This machine's address there. */
  readonly address: string;
  /** The network as `pg_hba.conf` writes it. */
  readonly range: string;
  addHost(): Host;
  /** Opens a port of this machine for a server that listens on 127.0.0.1 alone. */
  forward(port: number): Promise<number>;
}

export interface Host {
  /** Starts a program on it. */
  start(program: string, args: readonly string[], environment?: Readonly<Record<string, string>>): Running;
  /** Pulls its cable out at its own end. */
  unplug(): void;
  /** Takes its port off the switch, which nobody hears of, or puts it back. */
  port(state: 'off' | 'on'): void;
}

/** Why there are no such networks here; undefined where there are. */
export function noNetworks(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  const name = `hb${process.pid}`;
  if (spawnSync('ip', ['netns', 'add', name]).status !== 0) return 'needs root with the right to network namespaces';
  spawnSync('ip', ['netns', 'del', name]);
  return undefined;
}

const ip = (...words: string[]) => execFileSync('ip', words, { stdio: 'pipe' });

/** Makes a switch that this machine is connected to; it is gone after the test. */
export function openNetwork(): Network {
  const id = `hb${randomInt(0x10000, 0xfffff).toString(16)}`;
  // Of the block for benchmarks of networks, which no real one has.
  const prefix = `198.18.${randomInt(256)}`;
  ip('link', 'add', id, 'type', 'bridge');
  onTestFinished(() => void ip('link', 'del', id));
  ip('addr', 'add', `${prefix}.1/24`, 'dev', id);
  ip('link', 'set', id, 'up');
  let hosts = 0;
  return {
    address: `${prefix}.1`,
    range: `${prefix}.0/24`,
    addHost() {
      hosts += 1;
      const name = `${id}-${hosts}`;
      const [port, card] = [`${id}p${hosts}`, `${id}c${hosts}`];
      ip('netns', 'add', name);
      onTestFinished(() => void ip('netns', 'del', name));
      ip('link', 'add', port, 'type', 'veth', 'peer', 'name', card, 'netns', name);
      // A namespace lives until its last process has ended.
      onTestFinished(() => void ip('link', 'del', port));
      ip('link', 'set', port, 'master', id, 'up');
      ip('-n', name, 'addr', 'add', `${prefix}.${hosts + 1}/24`, 'dev', card);
      ip('-n', name, 'link', 'set', 'lo', 'up');
      ip('-n', name, 'link', 'set', card, 'up');
      return {
        start: (program, args, environment) =>
          startProcess('ip', ['netns', 'exec', name, program, ...args], environment),
        unplug: () => void ip('-n', name, 'link', 'set', card, 'down'),
        port: (state) => void ip('link', 'set', port, ...(state === 'on' ? ['master', id] : ['nomaster'])),
      };
    },
    async forward(port) {
      const server = createServer((from) => {
        const to = connect(port, '127.0.0.1');
        for (const [one, other] of [
          [from, to],
          [to, from],
        ] as const)
          one.on('error', () => other.destroy()).pipe(other);
      });
      server.listen(0, `${prefix}.1`);
      await once(server, 'listening');
      onTestFinished(() => void server.close());
      return (server.address() as AddressInfo).port;
    },
  };
}
