export { makePayLinks, type PayLink, type PayLinks, type PayLinksDeps } from './pay-links.ts';
