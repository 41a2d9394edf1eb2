import { HttpError, type WithRequest } from '../http/index.ts';

/**
 * Throws 403 for a form that a page of another site sends. A browser says where a request comes from (`Sec-Fetch-Site`, or
 * `Origin` where it is older); what says neither is no browser that another site could make send anything.
 */
export function refuseForeignForm({ req }: WithRequest, publicUrl: string): void {
  const { origin, host = '', 'sec-fetch-site': site } = req.headers;
  if (site !== undefined) {
    if (site === 'same-origin' || site === 'none') return;
    throw new HttpError(403);
  }
  if (origin === undefined) return;
  const name = URL.canParse(origin) ? new URL(origin).hostname : undefined;
  // A proxy may have its own idea of our name, so the public one counts too.
  const own = [new URL(publicUrl).hostname, URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''];
  if (name === undefined || !own.includes(name)) throw new HttpError(403);
}
