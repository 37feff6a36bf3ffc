const WIDTH = 24;
const CLEAR = '\r\u001B[K';

/** A progress line on stderr for a long walk, if stderr is a terminal. */
export function progressLine(stream: NodeJS.WriteStream = process.stderr) {
  let shown = false;
  const draw = (line: string) => {
    if (stream.isTTY) stream.write(`${CLEAR}${line}`);
  };
  return {
    report(done: number, total: number | undefined, message: string | undefined): void {
      shown = true;
      draw(
        [bar(done, total), message]
          .filter(Boolean)
          .join(' ')
          .slice(0, (stream.columns ?? 80) - 1),
      );
    },
    clear(): void {
      if (shown) draw('');
    },
  };
}

function bar(done: number, total: number | undefined): string {
  if (total === undefined || total <= 0) return `${done} …`;
  const full = Math.round((WIDTH * Math.min(done, total)) / total);
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${done}/${total}`;
}
