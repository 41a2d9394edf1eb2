// The whole suite runs two files at a time, each process with MariaDB and Redis of its own. A Redis that is given may have one
// database only, which two processes would empty under each other.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');
const each = require('./.mocharc.cjs');

// These take the longest and come first: one that began last would run alone.
const LONGEST = [
  'fire/made-up-requests',
  'journeys/accessibility',
  'security/pages',
  'fire/kill',
  'domain/reconciliation/dying-night',
  'simulation/simulation',
  'fire/payouts-kill',
  'fire/faults',
  'journeys/exports',
  'journeys/staff-stories',
  'journeys/pay-page-browser',
  'journeys/paying',
  'fire/webhooks-kill',
].map((name) => join('test', `${name}.test.ts`));

const place = (file) => LONGEST.indexOf(file) + 1 || LONGEST.length + 1;

const files = readdirSync(join(__dirname, 'test'), { recursive: true })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join('test', name))
  .sort((one, other) => place(one) - place(other) || (one < other ? -1 : 1));

module.exports = { ...each, spec: files, parallel: !process.env.TEST_REDIS_URL, jobs: 2 };
