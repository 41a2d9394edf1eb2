import Mocha from 'mocha';

/** Mocha's usual report with one last line that a program can read: `12 passed, 0 failed`. */
export default class ClosingLineReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    // At exit, so that it stays last: the stores are closed, and report, after the runner's own end.
    process.once('exit', () => {
      const { passes = 0, failures = 0 } = runner.stats ?? {};
      process.stdout.write(`${passes} passed, ${failures} failed\n`);
    });
  }
}
