module.exports = {
  import: ['tsx'],
  require: ['./test/support/setup.ts'],
  reporter: './test/support/closing-line-reporter.ts',
  timeout: 30_000,
};
