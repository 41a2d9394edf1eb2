// The whole suite runs two files at a time, each process with MariaDB and Redis of its own. A Redis that is given may have one
// database only, which two processes would empty under each other.
const isWhole = process.argv.includes('test/**/*.test.ts');

module.exports = {
  import: ['tsx'],
  require: ['./test/support/setup.ts'],
  reporter: './test/support/closing-line-reporter.ts',
  timeout: 30_000,
  parallel: isWhole && !process.env.TEST_REDIS_URL,
  jobs: 2,
};
