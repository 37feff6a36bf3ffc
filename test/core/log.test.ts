import { expect, test } from 'vitest';
import { createLog } from '../../core/log.js';
import { Redactor } from '../../core/output/redact.js';

function logged(level: Parameters<typeof createLog>[0], isTTY = false) {
  const lines: string[] = [];
  const stream = { isTTY, write: (line: string) => lines.push(line) } as unknown as NodeJS.WriteStream;
  return { log: createLog(level, new Redactor(), stream), lines };
}

test('a line is JSON: its level as a number, the time, the facts and the message', () => {
  const { log, lines } = logged('debug');
  log.warn({ tool: 'list_tickets', cause: { name: 'Error' }, left: undefined }, 'two\nlines');
  expect(lines).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
  const { time, ...rest } = JSON.parse(lines[0] ?? '');
  expect(rest).toEqual({ level: 40, tool: 'list_tickets', cause: { name: 'Error' }, msg: 'two\nlines' });
  expect(new Date(time).toISOString()).toBe(time);
});

test.each([
  ['trace', ['debug', 'info', 'warn', 'error']],
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
  ['fatal', []],
  ['silent', []],
] as const)('at %s, of each level: %j', (level, expected) => {
  const { log, lines } = logged(level);
  for (const name of ['debug', 'info', 'warn', 'error'] as const) log[name]({}, name);
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(expected);
});

test('a person at a terminal reads the time of day, the level, the message and the facts', () => {
  const { log, lines } = logged('info', true);
  log.error({ ref: 'abc' }, 'a request failed');
  log.info({}, 'ready');
  expect(lines).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d error: a request failed \{"ref":"abc"\}\n$/),
    expect.stringMatching(/^\d\d:\d\d:\d\d info: ready\n$/),
  ]);
});
