import { expect } from 'chai';
import fc from 'fast-check';
import { FINDING_CODES, findingText } from '../../../src/domain/payout-lists/index.ts';
import { type Folder, makeFolder } from '../../support/files.ts';
import { oldContainer } from '../../support/old-container.ts';
import { workbookParts, zip } from '../../support/zip.ts';
import { readFile, rules, texts, words, workbook } from './list-kit.ts';

let folder: Folder;
before(async () => {
  folder = await makeFolder();
});
after(() => folder.drop());

const read = async (content: string | Buffer, name = 'list.csv', changes = {}) =>
  readFile(await folder.file(name, content), changes);
const csv = (...lines: string[]) => read(`Phone,Amount,Name\n${lines.join('\n')}\n`);
const foundIn = async (...lines: string[]) => (await csv(...lines)).found;

describe('a list of payees', () => {
  it('is read with its columns in any order and language, and the others beside', async () => {
    const content = await workbook((sheet) => {
      sheet.addRow(['Malipo ya Mei']);
      sheet.addRow([]);
      sheet.addRow(['Idara', 'Kiasi (KES)', 'Jina kamili', 'Nambari ya Simu', 'Kusudi', 'Rejea']);
      sheet.addRow(['Duka', 1250, '  Amina   Wanjiku ', '0711 000 001', 'mshahara', 'E-7']);
      sheet.addRow(['Ofisi', 99.0, 'Otieno', '+254722000000', 'Dividend', '']);
    });
    const { rows, found } = await read(content, 'list.xlsx');
    expect(found).to.deep.equal([]);
    expect(rows[0]).to.deep.include({
      ...{ rowNo: 4, msisdn: '+254711000001', operator: 'mpesa', amountMinor: 125_000n, name: 'Amina Wanjiku' },
      ...{ purpose: 'salary', reference: 'E-7', standing: 'ok' },
      cells: ['Duka', '1250', '  Amina   Wanjiku ', '0711 000 001', 'mshahara', 'E-7'],
    });
    expect(rows[1]).to.deep.include({ msisdn: '+254722000000', amountMinor: 9_900n, purpose: 'dividend' });
    const french = await read('Numéro;Montant;Bénéficiaire\n0711000001;500;Zoë\n');
    expect(french.rows[0]).to.deep.include({ msisdn: '+254711000001', amountMinor: 50_000n, name: 'Zoë' });
    const tabbed = await read('\ufeffMSISDN\tAmount\n254711000001\t500.00\n');
    expect(tabbed.rows[0]).to.deep.include({ msisdn: '+254711000001', amountMinor: 50_000n, name: null });
  });

  it('is read from CSV as our own writer makes it, in which a plus sign has an apostrophe before it', async () => {
    const { rows, found } = await csv("'+254711000001,500,Amina");
    expect([rows[0]?.msisdn, found]).to.deep.equal(['+254711000001', []]);
  });

  it('has no digit of a phone number made up', async () => {
    expect(await foundIn('2.54712E+11,500,A', '+2.547E+11,500,A', '"2,547E+11",500,A')).to.deep.equal([
      'phone.scientific A2',
      'phone.scientific A3',
      'phone.scientific A4',
    ]);
    expect(await foundIn(',500,A', '12345,500,A', '0711000001/0722000002,500,A', '020 1234567,500,A')).to.deep.equal([
      'phone.missing A2',
      'phone.not-a-number A3',
      'phone.not-a-number A4',
      'phone.not-a-number A5',
    ]);
    const content = await workbook((sheet) => {
      sheet.addRow(['Phone', 'Amount']);
      for (const phone of [254711000001, 711000002, 254712000000, 2.547e21]) sheet.addRow([phone, 500]);
    });
    const { rows, found } = await read(content, 'list.xlsx');
    expect(found).to.deep.equal(['phone.lost-zero A3', 'phone.rounded A4', 'phone.scientific A5']);
    expect(rows.map(({ msisdn, standing }) => [msisdn, standing])).to.deep.equal([
      ['+254711000001', 'ok'],
      ['+254711000002', 'warning'],
      [null, 'fault'],
      [null, 'fault'],
    ]);
    const byHand =
      '<row r="1"><c t="inlineStr"><is><t>Phone</t></is></c><c t="inlineStr"><is><t>Amount</t></is></c></row>';
    const shortened = '<row r="2"><c><v>2.547E+11</v></c><c><v>500</v></c></row>';
    const exact = '<row r="3"><c><v>2.54711000001E11</v></c><c><v>5.0E2</v></c></row>';
    const made = await read(zip(workbookParts(byHand + shortened + exact)), 'list.xlsx');
    expect(made.found).to.deep.equal(['phone.rounded A2']);
    expect(made.rows[1]).to.deep.include({ msisdn: '+254711000001', amountMinor: 50_000n });
  });

  it('says who may not have a number, and refuses where nobody can be paid', async () => {
    const { rows, found } = await csv('0733000001,500,A', '0760000001,500,B', '+255711000001,500,C');
    expect(found).to.deep.equal(['phone.other-network A2', 'phone.unknown-network A3', 'phone.no-operator A4']);
    expect(rows.map(({ standing, operator }) => [standing, operator])).to.deep.equal([
      ['warning', 'mpesa'],
      ['warning', 'mpesa'],
      ['fault', null],
    ]);
  });

  it('has no amount rounded or guessed', async () => {
    const amounts = [
      '"1,250"',
      '"1 250"',
      "1'250",
      '1.250',
      '"1.250,50"',
      'KES 500',
      '500/=',
      '5oo',
      '-5',
      '(5)',
      '0',
      '',
    ];
    const lines = [...amounts, '5.001', '5.0001', '15.50', '9', '250001', '1e3', '=1+1'].map(
      (amount, at) => `07110000${10 + at},${amount},A`,
    );
    expect((await csv(...lines)).found.map((one) => one.split(' ')[0])).to.deep.equal([
      ...['amount.separators', 'amount.separators', 'amount.separators', 'amount.separators', 'amount.separators'],
      ...['amount.words', 'amount.not-a-number', 'amount.words', 'amount.negative', 'amount.negative', 'amount.zero'],
      ...['amount.missing', 'amount.separators', 'amount.decimals', 'amount.not-whole', 'amount.least', 'amount.most'],
      ...['amount.not-a-number', 'cell.formula'],
    ]);
  });

  it('is told who stands in it twice', async () => {
    const { found, rows } = await csv(
      '0711000001,500,A',
      '254711000001,500.00,A',
      '0711000001,700,A',
      '+254711000001,700,A',
    );
    expect(found).to.deep.equal(['row.repeated-payment A3', 'row.repeated-phone A4', 'row.repeated-payment A5']);
    expect(rows.map(({ findings }) => findings[0]?.values.row)).to.deep.equal([undefined, 2, 2, 4]);
  });

  it('says no other purpose in a row than the batch has that it is for', async () => {
    const path = await folder.file(
      'purposes.csv',
      'Phone,Amount,Purpose\n0711000001,50,Salary\n0711000002,50,\n0711000003,50,Dividend\n',
    );
    expect((await readFile(path)).found).to.deep.equal([]);
    expect((await readFile(path, { purpose: 'salary' })).found).to.deep.equal(['purpose.other-batch C4']);
  });

  it('is checked for currency, purpose, names and signs that are not seen', async () => {
    const content = [
      'Phone,Amount,Currency,Purpose,Name,Reference,Beside',
      '0711000001,500,kes,Salaire,Amina,1,"two\nlines"',
      '0711000002,500,USD,gift,,1,',
      `0711000003,500,Ksh,Refund,"Ami\u202ena",${'9'.repeat(70)},=1+1`,
      '07XX XXX XXX,x,,,,,',
    ];
    const { rows, found } = await read(`${content.join('\n')}\n`);
    expect(found).to.deep.equal([
      ...['currency.other C4', 'purpose.unknown D4', 'name.missing E4'],
      ...['cell.signs E5', 'cell.too-long F5', 'cell.formula G5', 'currency.unknown C5', 'purpose.not-allowed D5'],
      'row.example A6',
    ]);
    expect(rows[0]).to.deep.include({ standing: 'ok', purpose: 'salary' });
    expect(rows[2]?.findings.find(({ code }) => code === 'cell.formula')?.severity).to.equal('warning');
  });

  it('tells what a sheet hides, merges, computes and takes for dates', async () => {
    const content = await workbook((sheet, book) => {
      sheet.mergeCells('A1:C1');
      sheet.getCell('A1').value = 'May';
      sheet.addRow(['Phone', 'Amount', 'Name', 'Note']);
      sheet.addRow(['0711000001', { formula: '2*250', result: 500 }, 'A', 'x']);
      sheet.addRow([new Date(Date.UTC(2026, 4, 1)), 500, true, 'x']);
      sheet.addRow(['0711000003', 500, 'C', 'x']).hidden = true;
      sheet.addRow(['0711000004', { error: '#N/A' }, 'D', 'x']);
      sheet.addRow(['0711000005', 500, 'E', 'x']);
      sheet.mergeCells('B7:B8');
      sheet.getColumn(2).hidden = true;
      sheet.getColumn(4).hidden = true;
      book.addWorksheet('Sums', { state: 'hidden' }).addRow(['x']);
      book.addWorksheet('Notes').addRow(['x']);
      book.addWorksheet('Sheet3');
      book.addWorksheet('Instructions').addRow(['Phone']);
    });
    const { found, findings } = await read(content, 'list.xlsx');
    expect(found).to.have.members([
      ...['column.hidden B', 'column.hidden D', 'sheet.merged B7', 'sheet.hidden', 'sheet.not-read'],
      ...['cell.formula B3', 'cell.date A4', 'cell.yes-no C4', 'row.hidden 5', 'cell.error B6'],
    ]);
    const merged = findings.find(({ code }) => code === 'sheet.merged');
    expect(merged && findingText({ texts, words }, 'en', merged)).to.match(
      /^Sheet "May", row 7, column B \(Amount\): The cells B7:B8 are merged/,
    );
    expect(findings.filter(({ code }) => code === 'column.hidden').map(({ severity }) => severity)).to.deep.equal([
      'fault',
      'warning',
    ]);
  });

  for (const [what, content, refused] of [
    ['an empty file', '', 'file.empty'],
    ['names without rows', 'Phone,Amount\n', 'file.no-rows 1'],
    ['no names', '0711000001,500\n', 'file.no-names'],
    ['a name that is missing', 'a\nPhone,Sum of all\n0711000001,5\n', 'file.column-missing 2'],
    ['a name twice', 'Phone,Amount,Mobile\n0711000001,5,0711000001\n', 'file.column-twice C1'],
    ['UTF-16', Buffer.from('\ufeffPhone,Amount\n', 'utf16le'), 'file.utf-16 1'],
    ['Windows-1252', Buffer.from('Phone,Amount,Name\n0711000001,5,Zo\xeb\n', 'latin1'), 'file.encoding 2'],
    ['a quotation mark that stays open', 'Phone,Amount\n"0711,5\n', 'file.open-quote 2'],
    ['a password', oldContainer('EncryptedPackage'), 'file.password'],
    ['an old workbook', oldContainer('Workbook'), 'file.old-excel'],
    ['a page', '<html><table><tr><td>Phone</td></tr></table></html>', 'file.not-a-table'],
    ['macros', zip([...workbookParts(''), { name: 'xl/vbaProject.bin', content: Buffer.from('x') }]), 'file.macros'],
    ['two million empty rows', zip(workbookParts('<row/>'.repeat(2_000_000))), 'file.too-many-rows'],
    ['a bomb', zip(workbookParts(' '.repeat(300 * 1024 ** 2))), 'file.too-large'],
    ['more columns than a list has', `Phone,Amount${',x'.repeat(60)}\n`, 'file.too-many-columns 1'],
  ] as const) {
    it(`is refused for ${what}, in words of every language`, async () => {
      const { refused: code, sentence } = await read(content);
      expect(code).to.equal(refused);
      expect(sentence).to.match(/^[A-Z].*\.$/s);
    }).timeout(30_000);
  }

  it('is refused when it is cut short, when two sheets are lists, or a hidden one is', async () => {
    const list = (state: 'visible' | 'hidden') =>
      workbook((sheet, book) => {
        sheet.addRow(['Phone', 'Amount']);
        sheet.addRow(['0711000001', 500]);
        book.addWorksheet('June', { state }).addRow(['Simu', 'Kiasi']);
      });
    const two = await list('visible');
    expect(await read(two, 'list.xlsx')).to.deep.include({
      refused: 'file.several-lists',
      sentence: 'The sheets "May" and "June" are both lists. Leave one in the file.',
    });
    expect((await read(await list('hidden'), 'list.xlsx')).refused).to.equal('file.hidden-list');
    expect((await read(two.subarray(0, two.length >> 1), 'list.xlsx')).refused).to.equal('file.not-whole');
  });

  it('is refused with one row more than is allowed, and told when its name lies', async () => {
    const three = 'Phone,Amount\n0711000001,50\n0711000002,50\n0711000003,50\n';
    expect((await read(three, 'list.csv', { mostRows: 2 })).refused).to.equal('file.too-many-rows 4');
    expect((await read(three, 'list.csv', { mostRows: 3 })).rows).to.have.length(3);
    expect((await read(three, 'list.xlsx')).found).to.deep.equal(['file.other-name']);
    expect((await read('Phone,Amount,Shop,shop\n0711000001,50,,\n')).found).to.deep.equal(['column.same-title D1']);
  });

  it('never has an amount or a phone of a row with a fault in that cell, whatever stands in it', async () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('0711000001', '2.5E+11', '1,250', '500', '٠٧١١', '=1', "'+254711000001", '1e999', '9'.repeat(30)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 }), async (lines) => {
        const quoted = lines.map((line) => line.map((text) => `"${text.replaceAll('"', '""').replaceAll('\0', '')}"`));
        const { rows, refused } = await csv(...quoted.map((line) => line.join(',')));
        if (refused) expect(refused).to.match(/^file\./);
        for (const { msisdn, amountMinor, standing, findings } of rows) {
          const faulty = (column: number) =>
            findings.some((one) => one.column === column && one.severity === 'fault' && !one.code.startsWith('row.'));
          expect(msisdn === null || /^\+\d{7,15}$/.test(msisdn)).to.equal(true);
          if (standing === 'ok') expect([msisdn, amountMinor]).to.not.include(null);
          if (msisdn === null) expect(faulty(0)).to.equal(true);
          if (amountMinor === null) expect(faulty(1)).to.equal(true);
          else expect(amountMinor > 0n).to.equal(true);
          if (standing !== 'fault') {
            expect((amountMinor ?? 0n) >= rules.leastMinor && (amountMinor ?? 0n) <= rules.mostMinor).to.equal(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  }).timeout(60_000);

  it('has words for every finding', () => {
    for (const language of texts.languages) {
      for (const code of FINDING_CODES) {
        const finding = { sheet: 'May', row: 4, column: 'B', title: 'Amount', severity: 'fault' as const, values: {} };
        const amount = { minor: '100', currency: 'KES' };
        const values = {
          least: amount,
          total: amount,
          most: code.startsWith('amount') || code.startsWith('list') ? amount : 3,
          at: 0,
        };
        expect(findingText({ texts, words }, language, { ...finding, code, values }), `${language} ${code}`).to.match(
          /^\p{Lu}.+\./u,
        );
      }
    }
    const told = texts.ids().filter((id) => id.startsWith('lists.finding.'));
    expect(told).to.have.members(FINDING_CODES.map((code) => `lists.finding.${code}`));
  });
});
