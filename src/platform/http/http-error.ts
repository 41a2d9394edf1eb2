/**
 * A request that is answered with a 4xx or 503. `detail` is shown to whoever asked, so it names what is wrong with
 * the request and nothing of ours; 403 and 404 never show one.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly detail: string | undefined;

  constructor(status: number, detail?: string) {
    super(detail ?? `HTTP ${status}`);
    this.status = status;
    this.detail = detail;
  }
}
