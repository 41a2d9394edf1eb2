/** What every integrator has to know before the first request. Paragraphs are divided by empty lines. */
export const ABOUT = `An interface for an organisation's own systems: they prepare batches of payouts and schedules that make them again, follow them, and are told by webhooks. People approve; a key never does.

Keys. Send \`Authorization: Bearer mlp_...\`. An administrator of your organisation makes keys in the console, with the scopes that they need, and replaces them there: the old one works for a while beside the new one. A key belongs on a server of yours, never in an app.

Names of requests. Every POST carries \`Idempotency-Key\`: a name that you make for this one request, such as a UUID, and keep until you have an answer. When no answer comes, send the same request again under the same name: it is done once, and a repeat gets the same answer, with the header \`Idempotency-Replayed: true\`. The same name for another request is refused with 422; while the first one is under way, a repeat gets 409. We remember names for a day at least.

Lists come in pages: \`data\` and \`next\`. Hand \`next\` back as \`after\`; \`null\` means that this was the last page. What is in it is ours and may change.

Amounts are decimal texts with exactly the currency's digits (\`"1250.00"\`), never numbers. Times are ISO 8601 in UTC. New fields, states and codes may come: ignore what you do not know.

Problems are \`application/problem+json\` (RFC 9457): \`code\` is for programs, \`title\` and \`detail\` for people, \`errors\` names each place that does not fit, \`type\` leads to its explanation on this page. After a 5xx, or no answer at all, repeat the request under its name.

Webhooks follow the Standard Webhooks specification: headers \`webhook-id\`, \`webhook-timestamp\` and \`webhook-signature\`, HMAC-SHA256 over \`id.timestamp.body\` by your secret. Check the signature over the body exactly as it came, expect repeats (the id stays) and any order, and answer any 2xx within 15 seconds. Everything else is tried again for three days; 410 disables the webhook.`;
