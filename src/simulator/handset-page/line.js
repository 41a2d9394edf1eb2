/** The line to the simulated network: requests go out as JSON, events come in as a stream. */

const NO_SIGNAL = { kind: 'no-signal' };

/**
 * @param {string} path below /handset/api
 * @param {object} body
 * @returns {Promise<{kind: 'answer', status: number, body: any} | {kind: 'no-signal'}>}
 */
export async function send(path, body) {
  try {
    const response = await fetch(`/handset/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { kind: 'answer', status: response.status, body: await response.json() };
  } catch {
    return NO_SIGNAL;
  }
}

/** What the phone is told once: service code, networks, PIN. */
export async function readPhone() {
  const response = await fetch('/handset/api/phone');
  return response.json();
}

/**
 * Listens to one number. While a page listens, prompts of that number wait for a person.
 * The browser connects again by itself; `onLine` says whether the line is up.
 */
export function listen(msisdn, onEvent, onLine) {
  const source = new EventSource(`/handset/api/events?msisdn=${encodeURIComponent(msisdn)}`);
  source.onopen = () => onLine(true);
  source.onerror = () => onLine(false);
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  return () => source.close();
}
