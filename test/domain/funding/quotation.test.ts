import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import {
  type FundingDeps,
  getQuotation,
  makeQuotation,
  pageQuotations,
  quotationPdf,
  readDetails,
} from '../../../src/domain/funding/index.ts';
import type { Organisation } from '../../../src/domain/organisations/index.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { embeddedStores, type StorePair } from '../../support/stores.ts';
import { refusalOf } from '../../support/stories.ts';
import { fundingDeps, plantOrganisation, THOUSAND, theirs } from './funding-kit.ts';

describe('a quotation', () => {
  let stores: StorePair | undefined;
  let domain: Domain;
  let deps: FundingDeps;
  let organisation: Organisation;
  before(async () => {
    stores = await embeddedStores();
    domain = await openDomain(stores as StorePair);
    deps = fundingDeps(domain);
    organisation = await plantOrganisation(domain);
  });
  after(async () => {
    await domain?.close();
    await stores?.drop();
  });

  const quote = (quoted: Parameters<typeof makeQuotation>[2] | object) =>
    makeQuotation(deps, theirs.actor, { organisationId: organisation.id, ...THOUSAND, ...quoted });

  it('names what it costs, from a total and a number of rows, until a working day', async () => {
    const quotation = await quote({});
    expect(quotation.number).to.match(/^Q[2-9A-HJ-NP-Z]{9}$/);
    expect(quotation).to.include({ rows: 1_000, totalMinor: kes(4_000_000).amountMinor, currency: 'KES' });
    expect(quotation).to.include({ chargesMinor: 900_000n, feeMinor: 2_200_000n, taxMinor: 352_000n });
    // Ten working days after Saturday, 21 November 2026; 12 December is a holiday, and a Saturday.
    expect(quotation.validUntilDay).to.equal('2026-12-04');
    expect(await getQuotation(deps.database, organisation.id, quotation.id)).to.deep.equal(quotation);
    const { isEstimate, byBand } = readDetails(quotation);
    expect(isEstimate).to.equal(true);
    expect(byBand).to.deep.equal([
      {
        ...{ aboveMinor: kes(3_500).amountMinor, upToMinor: kes(5_000).amountMinor, chargeMinor: 900n },
        ...{ rows: 1_000, totalMinor: kes(4_000_000).amountMinor, chargesMinor: 900_000n },
      },
    ]);
  });

  it('is exact for the amounts of a list', async () => {
    const amounts = [kes(80).amountMinor, { amountMinor: kes(20_000).amountMinor, rows: 3 }];
    const quotation = await makeQuotation(deps, theirs.actor, { organisationId: organisation.id, amounts });
    expect(quotation).to.include({ rows: 4, totalMinor: kes(60_080).amountMinor, chargesMinor: 3_900n });
    expect(readDetails(quotation)).to.include({ isEstimate: false, operator: 'mpesa' });
  });

  it('is refused for what cannot be paid', async () => {
    const codes = async (quoted: object) => (await refusalOf(quote(quoted))).code;
    expect(await codes({ rows: 0 })).to.equal('funding.rows');
    expect(await codes({ rows: 1.5 })).to.equal('funding.rows');
    expect(await codes({ totalMinor: 150n, rows: 1 })).to.equal('funding.whole-amounts');
    expect(await codes({ totalMinor: 900n, rows: 10 })).to.equal('funding.too-little');
    expect(await codes({ totalMinor: kes(300_000).amountMinor, rows: 1 })).to.equal('funding.past-bands');
    expect(await codes({ organisationId: 'nobody' })).to.equal('organisation.not-found');
    const nobody = makeQuotation(deps, theirs.actor, { organisationId: organisation.id, amounts: [] });
    expect((await refusalOf(nobody)).code).to.equal('funding.nothing');
  });

  it('is not shown to another organisation', async () => {
    const { id } = await quote({});
    const elsewhere = (await plantOrganisation(domain)).id;
    expect((await refusalOf(getQuotation(deps.database, elsewhere, id))).code).to.equal('quotation.not-found');
    const page = await pageQuotations(deps.database, elsewhere, { limit: 10 });
    expect(page).to.deep.equal({ quotations: [], next: undefined });
  });

  it('is a page on paper in each language, with the same bytes each time', async () => {
    const quotation = await quote({});
    const print = async (language: string, to = organisation) => {
      const setting = { texts: domain.deps.texts, fundingSettings: deps.fundingSettings };
      const pdf = await quotationPdf(setting, quotation, to, { language, operatorName: 'M-PESA' });
      return buffer(pdf);
    };
    const [english, again, swahili] = [await print('en'), await print('en'), await print('sw')];
    expect(english.equals(again)).to.equal(true);
    expect(english.subarray(0, 5).toString()).to.equal('%PDF-');
    expect(english.equals(swahili)).to.equal(false);
    expect(english.toString('latin1').match(/\/Type \/Page\b/g)).to.have.length(1);
    const hostile = { ...organisation, name: '\u202e<b>Ωμέγα</b>' };
    expect((await print('fr', hostile)).subarray(0, 5).toString()).to.equal('%PDF-');
  });
});
