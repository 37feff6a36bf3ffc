/** A real store for tests: Valkey or Redis on a loopback port, which a test may freeze, kill and restart. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { emptyFolder } from '../../session.js';

/** The path of a program, if this machine has it. Some are in administrators' folders. */
export const programOf = (...names: string[]): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path));

const SERVER = programOf('valkey-server', 'redis-server');

/** Why tests with a store are skipped here; undefined if they run. */
export const WITHOUT_STORE =
  SERVER === undefined ? 'neither valkey-server nor redis-server is installed here' : undefined;

export interface TestStore {
  url: string;
  port: number;
  /** All requests to it wait. */
  freeze(): void;
  thaw(): void;
  /** Dies at once and loses its data. */
  kill(): Promise<void>;
  /** Makes it look like a long-running one. */
  grow(): Promise<void>;
  /** Restarts on the same port, empty. */
  restart(): Promise<void>;
  /** All that it holds, keys and values, as bytes. */
  dump(): Promise<string>;
  keys(): Promise<string[]>;
  /** Copies the value of one key to another. */
  copy(from: string, to: string): Promise<void>;
  close(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** @param more of the server's options, such as `--requirepass` */
export async function startStore(more: readonly string[] = [], password = ''): Promise<TestStore> {
  const port = await freePort();
  const url = `redis://${password === '' ? '' : `:${password}@`}127.0.0.1:${port}`;
  let child: ChildProcess;
  const start = async () => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...more];
    child = spawn(SERVER as string, [...args, '--dir', emptyFolder()], { stdio: 'ignore' });
    for (;;) {
      const socket = connect(port, '127.0.0.1');
      const there = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false),
      ]).catch(() => false);
      socket.destroy();
      if (there) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const asked = async <T>(ask: (redis: Redis) => Promise<T>): Promise<T> => {
    const redis = new Redis(url);
    try {
      return await ask(redis);
    } finally {
      redis.disconnect();
    }
  };
  await start();
  return {
    ...{ url, port, kill },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async restart() {
      await kill();
      await start();
    },
    grow: () => asked(async (redis) => void (await redis.set('halo-mcp:1:since', '1'))),
    keys: () => asked((redis) => redis.keys('*')),
    copy: (from, to) => asked(async (redis) => void (await redis.copy(from, to, 'REPLACE'))),
    dump: () =>
      asked(async (redis) => {
        const all = (await redis.keys('*')).map(
          async (key) => `${key} ${(await redis.dumpBuffer(key))?.toString('latin1')}`,
        );
        const values = (await redis.keys('*')).map((key) => redis.get(key).catch(() => ''));
        return [...(await Promise.all(all)), ...(await Promise.all(values))].join('\n');
      }),
    async close() {
      child.kill('SIGCONT');
      await kill();
    },
  };
}
