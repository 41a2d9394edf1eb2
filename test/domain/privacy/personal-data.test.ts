import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import { LOOKS_PERSONAL, NOT_PERSONAL, PERSONAL_DATA, SECTIONS } from '../../../src/domain/privacy/index.ts';

interface TextColumn {
  table: string;
  column: string;
}

/** Every text of the schema. */
const texts: TextColumn[] = schema.entities.flatMap((entity) => {
  const { name, columns } = entity.options;
  return Object.entries(columns).flatMap(([property, column]) =>
    column && ['varchar', 'text'].includes(String(column.type))
      ? [{ table: name, column: column.name ?? property }]
      : [],
  );
});
const isDeclared = ({ table, column }: TextColumn) =>
  PERSONAL_DATA[table]?.[column] !== undefined || NOT_PERSONAL[table]?.includes(column) === true;

describe('the table of personal data', () => {
  it('has every column that looks as if it held something of a person', () => {
    expect(texts.length).to.be.above(200);
    const missing = texts
      .filter((one) => LOOKS_PERSONAL.test(one.column) && !isDeclared(one))
      .map(({ table, column }) => `${table}.${column}`);
    expect(missing, 'say in personal-data.ts what they hold').to.deep.equal([]);
  });

  it('would miss none that is new', () => {
    for (const column of ['msisdn', 'payer_phone', 'holder_name', 'body', 'recipient', 'raw_payload', 'email']) {
      expect(LOOKS_PERSONAL.test(column), column).to.equal(true);
      expect(isDeclared({ table: 'a_new_table', column }), column).to.equal(false);
    }
  });

  it('names no column that does not exist', () => {
    const known = new Set(texts.map(({ table, column }) => `${table}.${column}`));
    const named = [
      ...Object.entries(PERSONAL_DATA).flatMap(([table, columns]) =>
        Object.keys(columns).map((one) => `${table}.${one}`),
      ),
      ...Object.entries(NOT_PERSONAL).flatMap(([table, columns]) => columns.map((one) => `${table}.${one}`)),
    ];
    expect(named.filter((one) => !known.has(one))).to.deep.equal([]);
  });

  it('puts everything into the file of the person, or says why not', () => {
    const sections = new Set(SECTIONS.map(({ name }) => name));
    const used = new Set<string>();
    for (const [table, columns] of Object.entries(PERSONAL_DATA)) {
      for (const [column, { file }] of Object.entries(columns)) {
        if (typeof file !== 'string') expect(file.not, `${table}.${column}`).to.not.equal('');
        else {
          expect(sections.has(file), `${table}.${column}: ${file}`).to.equal(true);
          used.add(file);
        }
      }
    }
    expect([...sections].filter((section) => !used.has(section))).to.deep.equal([]);
  });
});
