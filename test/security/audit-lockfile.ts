import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/*
 * npm run audit:lockfile   asks the registry for known faults of the packages in package-lock.json. Exits with 1 when one of
 * them is severe; a registry that does not answer the question is told in one plain line, and is no failure.
 */

export type Verdict =
  | { kind: 'clean' | 'severe'; line: string }
  /** Nothing is known: the registry has no such address, or is out of reach. */
  | { kind: 'not-answered'; line: string };

const SEVERE = ['high', 'critical'] as const;

/** What `npm audit --json` said. */
export function readAudit(output: string): Verdict {
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(output);
  } catch {
    return { kind: 'not-answered', line: 'npm audit: no answer that can be read; not run' };
  }
  const { metadata, vulnerabilities, message } = said as {
    metadata?: { vulnerabilities?: Record<string, number> };
    vulnerabilities?: Record<string, { severity: string }>;
    message?: string;
  };
  const counts = metadata?.vulnerabilities;
  if (!counts) {
    const reason = String(message ?? 'no answer').split('\n')[0];
    return { kind: 'not-answered', line: `npm audit: the registry does not answer (${reason}); not run` };
  }
  const severe = Object.entries(vulnerabilities ?? {}).filter(([, { severity }]) =>
    SEVERE.some((one) => one === severity),
  );
  if (severe.length > 0) {
    const names = severe.map(([name, { severity }]) => `${name} (${severity})`).join(', ');
    return { kind: 'severe', line: `npm audit: ${names}` };
  }
  return { kind: 'clean', line: `npm audit: nothing severe; ${counts.total ?? 0} lesser findings` };
}

/** Asks the registry; `more`: further arguments of npm. */
export function auditLockfile(more: readonly string[] = [], cwd = process.cwd()): Promise<Verdict> {
  const waiting = ['--fetch-retries=0', '--fetch-timeout=20000'];
  return new Promise((resolve) => {
    const npm = spawn('npm', ['audit', '--json', '--package-lock-only', ...waiting, ...more], { cwd });
    let output = '';
    npm.stdout.on('data', (chunk) => (output += chunk));
    npm.once('error', () => resolve(readAudit('')));
    npm.once('close', () => resolve(readAudit(output)));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { kind, line } = await auditLockfile();
  process.stdout.write(`${line}\n`);
  process.exitCode = kind === 'severe' ? 1 : 0;
}
