export interface Progress {
  report(phase: string, done: number, total?: number): void;
  end(): void;
}

const WIDTH = 24;

/** A bar that moves, on a terminal; elsewhere a line for each phase, so that a log stays readable. */
export function makeProgress(stream: NodeJS.WriteStream): Progress {
  let shown = '';
  return {
    report(phase, done, total) {
      if (stream.isTTY) {
        stream.write(`\r\x1b[2K${phase.padEnd(28)} ${barOf(done, total)}`);
      } else if (phase !== shown) {
        stream.write(`${phase}\n`);
      }
      shown = phase;
    },
    end() {
      if (stream.isTTY && shown !== '') stream.write('\r\x1b[2K');
    },
  };
}

/** Pure. Without a total there is only a count. */
export function barOf(done: number, total: number | undefined): string {
  if (total === undefined || total <= 0) return `${done}`;
  const part = Math.min(done / total, 1);
  const full = Math.round(part * WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${Math.floor(part * 100)} %`;
}
