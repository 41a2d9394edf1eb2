import { parseArgs } from 'node:util';
import { HOUSE, inviteStaff, listStaff, rolesOf } from '../domain/staff/index.ts';
import { Refusal, systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { consoleDomain } from '../wiring/console.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';

// `npm run staff -- invite --email E --name N --phone P [--role R ...]` and `npm run staff -- list`: the first administrator, and who has a login.
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    email: { type: 'string' },
    name: { type: 'string' },
    phone: { type: 'string' },
    role: { type: 'string', multiple: true },
    language: { type: 'string' },
  },
});
const service = await openService(systemRuntime, readConfig(), makeLog('warn'));
const domain = consoleDomain(service);
try {
  if (positionals[0] === 'list') await list();
  else if (positionals[0] === 'invite' && values.email && values.name && values.phone) await invite();
  else usage();
} finally {
  await service.close();
}

async function list(): Promise<void> {
  for (const member of await listStaff(domain, HOUSE)) {
    const roles = rolesOf(member).join(', ');
    process.stdout.write(`${member.state.padEnd(9)} ${member.email.padEnd(36)} ${member.name.padEnd(24)} ${roles}\n`);
  }
}

async function invite(): Promise<void> {
  const { email = '', name = '', phone = '', role = ['administrator'] } = values;
  const { web, business } = service.config;
  const language = values.language ?? business.defaultLanguage;
  const actor = { kind: 'command', id: process.env.USER ?? 'unknown', address: '', scope: HOUSE } as const;
  try {
    const { token } = await inviteStaff(domain, actor, { email, name, phone, language, roles: role, scope: HOUSE });
    process.stdout.write(
      `Give this link to ${name}. It works once, for three days:\n${web.publicUrl}/console/join/${token}\n`,
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`Nobody was invited: ${error.code}\n`);
    process.exitCode = 1;
  }
}

function usage(): void {
  process.stderr.write(
    'Usage: npm run staff -- list | invite --email E --name N --phone P [--role administrator] [--language en]\n',
  );
  process.exitCode = 2;
}
