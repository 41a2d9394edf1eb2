/** By its name, what opens something: an address of ours, an account of ours at a provider. */
const SECRET = /pass|secret|token|credential|pin$|key$/i;

/** A provider's message without what is secret of us in it: JSON as a value, anything else as it came. */
export function maskSecrets(body: string): unknown {
  try {
    return JSON.parse(body, (key, value) => {
      if (typeof value === 'object' && value !== null && 'Name' in value && 'Value' in value) {
        return SECRET.test(String(value.Name)) ? { ...value, Value: '***' } : value;
      }
      return SECRET.test(key) && typeof value !== 'object' ? '***' : value;
    });
  } catch {
    return body;
  }
}
