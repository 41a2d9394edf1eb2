import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import excel from 'exceljs';
import fc from 'fast-check';
import { openTable } from '../../../../../src/platform/tables/index.ts';
import { readMpesaStatement } from '../../../../../src/providers/operators/daraja/index.ts';
import { makeBalanceChain } from '../../../../../src/providers/operators/daraja/statement/balance-chain.ts';
import {
  type ReadFault,
  type ReadingEnd,
  type ReadLine,
  StatementRefused,
} from '../../../../../src/providers/statements/index.ts';
import { type Folder, makeFolder } from '../../../../support/files.ts';

const NOW_MS = Date.UTC(2026, 10, 25, 9);
const NAMES =
  'Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.';

let folder: Folder;
before(async () => {
  folder = await makeFolder();
});
after(() => folder.drop());

interface Read {
  lines: ReadLine[];
  faults: ReadFault[];
  end: ReadingEnd;
}

async function read(
  content: string | Buffer,
  shortCode = '174379',
  file: Partial<Parameters<typeof readMpesaStatement>[1]> = {},
): Promise<Read> {
  const table = await openTable(await folder.file('statement', content));
  const reading = readMpesaStatement(table, { shortCode, nowMs: NOW_MS, ...file });
  const lines: ReadLine[] = [];
  const faults: ReadFault[] = [];
  for (;;) {
    const next = await reading.next();
    if (next.done) return { lines, faults, end: next.value };
    lines.push(...next.value.lines);
    faults.push(...next.value.faults);
  }
}

async function refusal(...given: Parameters<typeof read>): Promise<string> {
  const [result] = await Promise.allSettled([read(...given)]);
  if (result?.status === 'rejected' && result.reason instanceof StatementRefused) return result.reason.message;
  throw new Error(`it should be refused, and not ${result?.status === 'rejected' ? result.reason : 'read'}`);
}

interface Row {
  receipt?: string;
  at?: string;
  status?: string;
  paidIn?: string;
  withdrawn?: string;
  balance: string;
  reason?: string;
  party?: string;
  linked?: string;
  account?: string;
  details?: string;
}

function csv(rows: readonly Row[], head: readonly string[] = []): string {
  const quoted = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row, index) => {
    const { receipt = `UKT${String(index).padStart(7, 'A')}`, at = '2026-11-20 12:00:00', status = 'Completed' } = row;
    const { paidIn = '', withdrawn = '', balance, reason = 'Pay Bill', account = '100200300', linked = '' } = row;
    const party = row.party ?? '2547 ***** 126 - JANE';
    const values = [
      receipt,
      at,
      at,
      row.details ?? `${reason} from ${party}`,
      status,
      paidIn,
      withdrawn,
      balance,
      'TRUE',
      reason,
      party,
    ];
    return [...values, linked, account].map(quoted).join(',');
  });
  return `${[...head, NAMES, ...lines].join('\n')}\n`;
}

const OLDEST_FIRST: Row[] = [
  { at: '2026-11-20 08:00:00', paidIn: '1,000.00', balance: '1,500.00' },
  { at: '2026-11-20 09:30:00', receipt: 'UKTCHARGE1', paidIn: '500.00', balance: '2,000.00' },
  {
    at: '2026-11-20 09:30:00',
    receipt: 'UKTCHARGE1',
    withdrawn: '-2.75',
    balance: '1,997.25',
    reason: 'Pay Bill Charge',
    party: '',
  },
  {
    ...{ at: '2026-11-20 10:00:00', withdrawn: '-1,000.00', balance: '997.25' },
    ...{ reason: 'Transaction Reversal', linked: 'UKTAAAAAA0' },
  },
  {
    at: '2026-11-20 11:00:00',
    withdrawn: '50.00',
    balance: '947.25',
    reason: 'Salary Payment',
    party: '254711000001 - JOHN',
    account: '',
    details: 'Salary Payment to 254711000001 - JOHN via API. Original conversation ID is M7K2P9QRST.',
  },
  {
    at: '2026-11-20 12:00:00',
    withdrawn: '-900.00',
    balance: '47.25',
    reason: 'Organization Settlement',
    party: 'BANK',
  },
];

describe('the organisation statement of M-PESA', () => {
  it('tells payments, charges, reversals, payouts and the rest apart', async () => {
    const { lines, end } = await read(csv(OLDEST_FIRST));
    expect(lines.map(({ kind, amountMinor }) => [kind, amountMinor])).to.deep.equal([
      ['payment', 100_000n],
      ['payment', 50_000n],
      ['charge', -275n],
      ['reversal', -100_000n],
      ['payout', -5_000n],
      ['other', -90_000n],
    ]);
    expect(lines[0]).to.deep.include({
      ...{ lineNo: 2, receipt: 'UKTAAAAAA0', reference: '100200300', account: '100200300', currency: 'KES' },
      ...{
        maskedPayer: '2547 ***** 126',
        atMs: Date.UTC(2026, 10, 20, 5),
        detail: 'Pay Bill from 2547 ***** 126 - JANE',
      },
    });
    expect(lines[2]).to.include({ receipt: 'UKTCHARGE1', linkedReceipt: 'UKTCHARGE1' });
    expect(lines[3]).to.include({ linkedReceipt: 'UKTAAAAAA0' });
    expect(lines[4]).to.include({ payer: '+254711000001', reference: 'M7K2P9QRST', account: undefined });
    const covered = { fromMs: Date.UTC(2026, 10, 20, 5), toMs: Date.UTC(2026, 10, 20, 9) };
    expect(end).to.deep.equal({ proof: 'balance-chain', ...covered, closingMinor: 4_725n });
  });

  it('is whole with the newest row first, in gzip, and with whatever columns stand between', async () => {
    const newest = [...OLDEST_FIRST].reverse();
    expect((await read(csv(newest))).end).to.include({ proof: 'balance-chain', closingMinor: 4_725n });
    expect((await read(gzipSync(csv(newest)))).lines).to.have.length(6);
    const more = csv(newest).replace(NAMES, `${NAMES},Currency`).replace('Receipt No.', 'RECEIPT NO');
    expect((await read(more)).lines).to.have.length(6);
  });

  it('is whole when rows of one second stand in any order', async () => {
    const [first, payment, charge, ...rest] = OLDEST_FIRST as [Row, Row, Row, ...Row[]];
    expect((await read(csv([first, charge, payment, ...rest]))).end.proof).to.equal('balance-chain');
    const swapped = await refusal(csv([payment, first, charge, ...rest]));
    expect(swapped).to.match(/column "Balance": it does not follow/);
  });

  it('is refused when a row is missing, twice or changed, with the line', async () => {
    for (const [index, what] of [
      [1, 'missing'],
      [3, 'missing'],
      [2, 'twice'],
      [4, 'changed'],
    ] as const) {
      const rows = OLDEST_FIRST.flatMap((row, at) => {
        if (at !== index) return [row];
        if (what === 'missing') return [];
        return what === 'twice' ? [row, row] : [{ ...row, withdrawn: '51.00' }];
      });
      for (const written of [rows, [...rows].reverse()]) {
        expect(await refusal(csv(written)), `${index} ${what}`).to.match(
          /^line \d+, column "Balance": it does not follow/,
        );
      }
    }
  });

  it('knows the period only where its balances hold both ends of it', async () => {
    const head = ['Short Code:,174379', 'Time Period:,From 2026-11-20 00:00:00 To 2026-11-20 23:59:59'];
    const balances = ['Opening Balance:,500.00', 'Closing Balance:,47.25'];
    const day = { fromMs: Date.UTC(2026, 10, 19, 21), toMs: Date.UTC(2026, 10, 20, 21) };
    expect((await read(csv(OLDEST_FIRST, [...head, ...balances]))).end).to.include(day);
    expect((await read(csv(OLDEST_FIRST, head))).end).not.to.include(day);
    const cut = await refusal(csv(OLDEST_FIRST.slice(0, -1), [...head, ...balances]));
    expect(cut).to.equal('the closing balance of the file is not that of its rows: rows are missing at one end');
    const empty = await read(csv([], [...head, 'Opening Balance:,47.25', 'Closing Balance:,47.25']));
    expect(empty.end).to.deep.equal({ proof: 'balance-chain', ...day, closingMinor: 4_725n });
    expect((await read(csv([], head))).end.proof, 'nothing says that nothing is missing').to.equal('none');
  });

  it('covers nothing of what came after it was made, whatever period it names', async () => {
    const head = ['Short Code:,174379', 'Time Period:,From 2026-11-20 00:00:00 To 2026-11-20 23:59:59'];
    const whole = csv(OLDEST_FIRST, [...head, 'Opening Balance:,500.00', 'Closing Balance:,47.25']);
    const [last, noon] = [Date.UTC(2026, 10, 20, 9), Date.UTC(2026, 10, 20, 11)];
    const toMs = async (file: object) => (await read(whole, '174379', file)).end.toMs;
    expect(await toMs({ writtenAtMs: noon })).to.equal(noon);
    expect(await toMs({ nowMs: noon })).to.equal(noon);
    expect(await toMs({ writtenAtMs: Date.UTC(2020, 0, 1) }), 'that is no time of it').to.equal(last);
    expect(await toMs({ writtenAtMs: NOW_MS })).to.equal(Date.UTC(2026, 10, 20, 21));
  });

  it('says of which account it is, where several have statements', async () => {
    const named = { mustNameAccount: true };
    expect((await read(csv(OLDEST_FIRST, ['Short Code:,600123789']), '600123789', named)).lines).to.have.length(6);
    expect(await refusal(csv(OLDEST_FIRST, ['Short Code:,600123781']), '600123789', named)).to.include('600123781');
    expect(await refusal(csv(OLDEST_FIRST), '600123789', named)).to.equal(
      'the file does not say that it is of short code 600123789: give the whole file, with the lines above its columns',
    );
  });

  it('is refused when it is of another organisation, or no statement at all', async () => {
    expect(await refusal(csv(OLDEST_FIRST, ['Short Code:,600100']))).to.equal(
      'the statement is of short code 600100, and ours is 174379',
    );
    expect(await refusal('a,b\n1,2\n')).to.match(/^there is no line with the names of the columns/);
    expect(await refusal(csv(OLDEST_FIRST).replace(',Balance,', ',Balanse,'))).to.equal(
      'line 1: the column "Balance" is missing',
    );
    expect(await refusal(csv(OLDEST_FIRST).replace('Balance Confirmed', 'Balance'))).to.equal(
      'line 1: the column "Balance" stands there twice',
    );
  });

  it('is refused for a row that cannot be read, with line, column and reason', async () => {
    const changed = (change: Partial<Row>) =>
      csv([...OLDEST_FIRST.slice(0, 1), { ...(OLDEST_FIRST[1] as Row), ...change }]);
    expect(await refusal(changed({ at: '2026-02-30 08:00:00' }))).to.equal(
      'line 3, column "Completion Time": "2026-02-30 08:00:00" is a date that does not exist',
    );
    expect(await refusal(changed({ at: '20-11-2026 08:00:00' }))).to.match(
      /line 3.*is not written as the dates before it/,
    );
    expect(await refusal(changed({ paidIn: '500.125' }))).to.equal(
      'line 3, column "Paid In": "500.125" has more decimals than KES has',
    );
    expect(await refusal(changed({ paidIn: '5,00.00' }))).to.match(/"5,00.00" is not an amount/);
    expect(await refusal(changed({ withdrawn: '1.00' }))).to.match(/both paid in and withdrawn/);
    expect(await refusal(changed({ paidIn: '' }))).to.match(/neither paid in nor withdrawn/);
    expect(await refusal(changed({ status: 'Odd' }))).to.match(/column "Transaction Status": "Odd" is not a state/);
    expect(await refusal(changed({ receipt: 'no receipt' }))).to.match(/is not a receipt/);
    const torn = csv(OLDEST_FIRST);
    expect(await refusal(torn.slice(0, torn.length - 60))).to.match(/^line 7, column/);
  });

  it('passes over what moved nothing', async () => {
    const declined: Row = { status: 'Declined', paidIn: '70.00', balance: '1,500.00', at: '2026-11-20 08:30:00' };
    const [first, ...rest] = OLDEST_FIRST as [Row, ...Row[]];
    expect((await read(csv([first, declined, ...rest]))).lines).to.have.length(6);
  });

  describe('with the year last in its dates', () => {
    const turned = (rows: readonly Row[], order: 'dmy' | 'mdy') =>
      rows.map((row) => {
        const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+) (.*)$/.exec(row.at ?? '') ?? [];
        return { ...row, at: `${order === 'dmy' ? `${day}-${month}` : `${month}-${day}`}-${year} ${time}` };
      });

    it('is read by the order that the whole file proves', async () => {
      const { lines } = await read(csv(turned(OLDEST_FIRST, 'dmy')));
      expect(lines[0]?.atMs).to.equal(Date.UTC(2026, 10, 20, 5));
      expect((await read(csv(turned(OLDEST_FIRST, 'mdy')))).lines[0]?.atMs).to.equal(Date.UTC(2026, 10, 20, 5));
    });

    it('is read by its last line when only that tells', async () => {
      const rows: Row[] = [
        { at: '2026-10-05 08:00:00', paidIn: '1.00', balance: '1.00', receipt: 'MADEUP01' },
        { at: '2026-10-20 08:00:00', paidIn: '1.00', balance: '2.00', receipt: 'MADEUP02' },
      ];
      for (const order of ['dmy', 'mdy'] as const) {
        const { lines } = await read(csv(turned(rows, order)));
        expect(lines[0]?.atMs, order).to.equal(Date.UTC(2026, 9, 5, 5));
      }
    });

    it('is read by its receipts when every day is twelve or less', async () => {
      // U: 2026, I: September, 5: the fifth.
      const rows: Row[] = [{ at: '2026-09-05 08:00:00', paidIn: '1.00', balance: '1.00', receipt: 'UI5ABCDEFG' }];
      for (const order of ['dmy', 'mdy'] as const) {
        expect((await read(csv(turned(rows, order)))).lines[0]?.atMs, order).to.equal(Date.UTC(2026, 8, 5, 5));
      }
    });

    it('is not guessed at', async () => {
      const rows: Row[] = [{ at: '05-09-2026 08:00:00', paidIn: '1.00', balance: '1.00', receipt: 'MADEUP01' }];
      expect(await refusal(csv(rows))).to.match(/^line 2: "05-09-2026 08:00:00" can be read as two days/);
      const mixed: Row[] = [
        { at: '20-11-2026 08:00:00', paidIn: '1.00', balance: '1.00' },
        { at: '2026-11-20 08:00:00', paidIn: '1.00', balance: '2.00' },
      ];
      expect(await refusal(csv(mixed))).to.match(/^line 3: the dates are not all written one way/);
      const impossible: Row[] = [
        { at: '20-11-2026 08:00:00', paidIn: '1.00', balance: '1.00' },
        { at: '31-02-2026 08:00:00', paidIn: '1.00', balance: '2.00' },
      ];
      expect(await refusal(csv(impossible))).to.match(/^line 3: "31-02-2026 08:00:00" is a date that does not exist/);
    });
  });

  it('is read from a workbook, with dates as text or as dates', async () => {
    for (const asDates of [false, true]) {
      const book = new excel.Workbook();
      const sheet = book.addWorksheet('Statement');
      sheet.addRow(['Short Code:', '174379']);
      sheet.addRow(NAMES.split(','));
      for (const row of OLDEST_FIRST) {
        const at = asDates ? new Date(`${row.at?.replace(' ', 'T')}Z`) : row.at;
        const values = [
          'UKT0000001',
          at,
          at,
          '',
          'Completed',
          row.paidIn,
          row.withdrawn,
          row.balance,
          '',
          row.reason ?? 'Pay Bill',
        ];
        sheet.addRow([...values, '2547 ***** 126', '', '100200300']);
      }
      sheet.getColumn(2).numFmt = 'dd-mm-yyyy hh:mm:ss';
      const { lines, end } = await read(Buffer.from(await book.xlsx.writeBuffer()));
      expect(lines[0]?.atMs).to.equal(Date.UTC(2026, 10, 20, 5));
      expect(end).to.include({ proof: 'balance-chain', closingMinor: 4_725n });
    }
  });
});

describe('the chain of balances', () => {
  const step = fc.record({ amount: fc.bigInt({ min: -9n, max: 9n }), sameSecond: fc.boolean() });

  it('holds for every true account of movements, however the rows of a second are shuffled', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        (steps, newest, draw) => {
          let balanceMinor = 100n;
          let atMs = 0;
          const rows = steps.map(({ amount, sameSecond }, index) => {
            balanceMinor += amount;
            if (!sameSecond) atMs += 1_000;
            return { lineNo: index + 1, atMs, amountMinor: amount, balanceMinor, lot: draw.next().value as number };
          });
          const shuffled = rows.sort((one, other) => one.atMs - other.atMs || one.lot - other.lot);
          const chain = makeBalanceChain();
          for (const row of newest ? shuffled.reverse() : shuffled) chain.add(row);
          expect(chain.end().kind).to.equal('whole');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('breaks when a movement that changed something is left out of the middle', () => {
    const amount = fc.bigInt({ min: 1n, max: 9n });
    fc.assert(
      fc.property(fc.array(amount, { minLength: 3, maxLength: 40 }), fc.nat(), fc.boolean(), (amounts, lot, newest) => {
        const gap = 1 + (lot % (amounts.length - 2));
        let balanceMinor = 0n;
        const rows = amounts.map((amountMinor, index) => {
          balanceMinor += amountMinor;
          return { lineNo: index + 1, atMs: index * 1_000, amountMinor, balanceMinor };
        });
        const left = rows.filter((_, index) => index !== gap);
        const chain = makeBalanceChain();
        for (const row of newest ? left.reverse() : left) chain.add(row);
        expect(chain.end().kind).to.equal('broken');
      }),
      { numRuns: 500 },
    );
  });
});
