import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { findFaults } from './find-faults.ts';

const root = new URL('../../', import.meta.url);

/** Every TypeScript file of the service. Browser scripts are .js and left out: a browser has its own clock. */
function readSources(): Map<string, string> {
  const paths = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path))
    .sort();
  return new Map([...paths, 'ormconfig.ts'].map((path) => [path, readFileSync(new URL(path, root), 'utf8')]));
}

describe('the rules of the house', () => {
  it('are kept by every file', () => {
    const sources = readSources();
    expect(sources.size).to.be.above(50);
    const faults = findFaults(sources);
    expect(faults.length, `\n${faults.join('\n')}\n`).to.equal(0);
  });
});

/** Faults of a made-up project of these files; those not named are empty. */
function faultsOf(files: Record<string, string>): string[] {
  return findFaults(new Map(Object.entries(files)));
}

describe('the check of the rules', () => {
  for (const [what, files, fault] of [
    [
      'an upward import',
      { 'src/domain/payments/a.ts': "\n\nimport { x } from '../../channels/ussd/index.ts';" },
      'src/domain/payments/a.ts:3 imports ../../channels/ussd/index.ts: upward: domain stands below channels',
    ],
    [
      'a kernel that imports the platform',
      { 'src/kernel/a.ts': "import type { Log } from '../platform/log/index.ts';" },
      'upward: kernel stands below platform',
    ],
    [
      'an upward import between the words of a page',
      {
        'src/platform/pages/a.tsx':
          "export const P = () => <p>Don't {say('x')} http://a `b</p>;\nimport { x } from '../../channels/checkout/index.ts';",
      },
      'src/platform/pages/a.tsx:2 imports ../../channels/checkout/index.ts: upward: platform stands below channels',
    ],
    [
      'a domain that knows JSX',
      { 'src/domain/payments/a.tsx': "import { h } from 'preact';" },
      'src/domain/payments/a.tsx:1 imports preact: domain must not know preact',
    ],
    [
      'money that imports the domain',
      { 'src/money/ledger/a.ts': "export { x } from '../../domain/payments/index.ts';" },
      'upward: money stands below domain',
    ],
    [
      "an import of another folder's inside",
      { 'src/domain/payments/a.ts': "import { x } from '../../platform/http/server.ts';" },
      'the inside of src/platform/http: import its index.ts',
    ],
    [
      "an import of a neighbour's inside",
      { 'src/domain/payments/a.ts': "import { x } from '../accounts/account.ts';" },
      'the inside of src/domain/accounts',
    ],
    [
      'a concrete provider named outside the wiring',
      { 'src/domain/payments/a.ts': "import { x } from '../../providers/operators/daraja/index.ts';" },
      'the inside of src/providers/operators',
    ],
    [
      "the inside of a folder within one's own that has an index",
      {
        'src/channels/ussd/a.ts': "import './engine/turn.ts';",
        'src/channels/ussd/engine/index.ts': '',
        'src/channels/ussd/engine/turn.ts': '',
      },
      'the inside of src/channels/ussd/engine',
    ],
    [
      'channels that import each other',
      { 'src/channels/sms/a.ts': "import { x } from '../ussd/index.ts';" },
      'channels do not import each other',
    ],
    [
      'a provider that sees the database',
      { 'src/providers/operators/a.ts': "import { x } from '../../platform/database/index.ts';" },
      'providers do not see the stores',
    ],
    [
      'a simulator that reaches into the gateway',
      { 'src/simulator/a.ts': "import { x } from '../domain/payments/index.ts';" },
      'the simulator must not import src/domain/payments',
    ],
    [
      'a gateway that reaches into the simulator',
      { 'src/domain/payments/a.ts': "const x = await import('../../simulator/index.ts');" },
      'nobody imports the simulator',
    ],
    ['the wiring imported from below', { 'src/platform/http/a.ts': "import '../../wiring.ts';" }, 'stands above all'],
    [
      'ormconfig imported from below',
      { 'src/platform/database/a.ts': "import x from '../../../ormconfig.ts';" },
      'stands above all',
    ],
    ['koa in the domain', { 'src/domain/payments/a.ts': "import Koa from 'koa';" }, 'domain must not know koa'],
    [
      'the router in the domain',
      { 'src/domain/payments/a.ts': "import Router from '@koa/router';" },
      'must not know @koa/router',
    ],
    [
      'preact in the domain',
      { 'src/domain/payments/a.ts': "import { h } from 'preact/hooks';\nimport x from 'preact';" },
      'a.ts:2',
    ],
    ['typeorm in a provider', { 'src/providers/sms/a.ts': "import { In } from 'typeorm';" }, 'must not know typeorm'],
    [
      'typeorm in a channel',
      { 'src/channels/sms/a.ts': "import type {\n  In,\n} from 'typeorm';" },
      'a.ts:3 imports typeorm',
    ],
    [
      'a clock outside the kernel',
      { 'src/domain/a/a.ts': 'const x =\n  Date.now();' },
      'src/domain/a/a.ts:2 uses Date.now',
    ],
    ['a date of now', { 'src/domain/a/a.ts': 'new Date( )' }, 'new Date()'],
    ['a date of now without parentheses', { 'src/domain/a/a.ts': 'const a = new Date;' }, 'new Date()'],
    ['a random number', { 'src/simulator/a.ts': 'Math.random()' }, 'Math.random'],
    ['a timer', { 'src/platform/http/a.ts': 'const t = setTimeout(f, 1)' }, 'setTimeout'],
    [
      'a timer within a template',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source code within a text
      { 'src/platform/http/a.ts': '`${{ a: setInterval(f) }.a} setTimeout`' },
      'setInterval',
    ],
    [
      'a timer by import',
      { 'src/platform/http/a.ts': "import wait from 'node:timers/promises';" },
      'come from the kernel',
    ],
    ['random bytes', { 'src/wiring.ts': "import { randomBytes } from 'node:crypto';" }, 'randomness of node:crypto'],
    ['ids of its own', { 'src/domain/a/a.ts': "import { v4 } from 'uuid';" }, 'come from the kernel'],
    [
      'a ring',
      {
        'src/domain/a/one.ts': "import type { Two } from './two.ts';",
        'src/domain/a/two.ts': "\nimport { three } from './three.ts';",
        'src/domain/a/three.ts': "export * from './one.ts';",
      },
      'src/domain/a/one.ts:1 -> src/domain/a/two.ts:2 -> src/domain/a/three.ts:1 -> src/domain/a/one.ts: files import each other in a ring',
    ],
  ] as [string, Record<string, string>, string][]) {
    it(`finds ${what}`, () => {
      const faults = faultsOf(files);
      expect(faults).to.have.length(1);
      expect(faults[0]).to.contain(fault);
    });
  }

  for (const [what, files] of [
    ['a downward import through an index', { 'src/domain/a/a.ts': "import { x } from '../../money/ledger/index.ts';" }],
    [
      "a provider's contract",
      { 'src/money/transfers/a.ts': "import type { X } from '../../providers/operators/index.ts';" },
    ],
    [
      'a concrete provider in the wiring',
      { 'src/wiring/providers.ts': "import { x } from '../providers/operators/daraja/index.ts';" },
    ],
    [
      'a contract in the folder above',
      { 'src/providers/sms/at/a.ts': "import type { X } from '../contract.ts';", 'src/providers/sms/index.ts': '' },
    ],
    ['another folder of the own shelf', { 'src/domain/a/a.ts': "import { x } from '../b/index.ts';" }],
    [
      'what the simulator may use',
      { 'src/simulator/a/a.ts': "import '../../kernel/index.ts';\nimport '../../platform/http/index.ts';" },
    ],
    ['koa in a channel', { 'src/channels/ussd/a.ts': "import Router from '@koa/router';" }],
    ['the clock in the kernel', { 'src/kernel/clock.ts': 'Date.now(); setTimeout(f); new Date(); Math.random();' }],
    [
      'words in comments, texts and expressions',
      {
        'src/domain/a/a.ts': [
          "// import { x } from '../../channels/ussd/index.ts'; Date.now()",
          "/* Math.random() import 'koa' */ const a = 'Date.now()', b = \"import x from 'koa'\";",
          // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source code within a text
          "const c = `import 'koa' ${a} new Date()`; const d = /import 'koa' Date.now\\/[/'\"]/;",
          'const e = 4 / 2; // it\'s "fine" Math.random()',
          'socket.setTimeout(5); clock.setTimer(5); new Date(epochMs); my.Date.nowhere; unsetTimeout();',
        ].join('\n'),
      },
    ],
  ] as [string, Record<string, string>][]) {
    it(`lets ${what} pass`, () => {
      expect(faultsOf(files)).to.deep.equal([]);
    });
  }
});
