/**
 * kept: one that is open already, if there is. new: one of its own, for a request that must not be repeated: a kept one that the other side
 * closes at the same moment would leave the outcome unknown; it costs a handshake. recent: a kept one that was in use within the last
 * second, which hardly anybody closes so soon, else a new one; for many requests in a row whose outcome can be asked for.
 */
export type Connection = 'kept' | 'recent' | 'new';

/** One outgoing HTTP request. The body is text already encoded; redirects are never followed. */
export interface OutgoingRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** From the first byte to the last; past it the port throws `HttpFault`. */
  timeoutMs: number;
  /** `kept` when left out. */
  connection?: Connection;
  /** An IP address to connect to in place of what the host's name would resolve to; the name stays for TLS and `Host`. */
  connectTo?: string;
  /** Only so many bytes of the answer are read and given; the rest is dropped with its connection. Else 1 MiB is a fault. */
  cutAnswerAtBytes?: number;
}

export interface IncomingAnswer {
  status: number;
  /** Names in lower case; repeated ones joined by a comma. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * No usable answer came. `sent` is `no` only when it is certain that not one byte of the request left this machine
 * (refused connection, unknown host); everything else is `maybe`, and the outcome at the other side is unknown.
 */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';
  readonly sent: 'no' | 'maybe';

  constructor(message: string, sent: 'no' | 'maybe') {
    super(message);
    this.sent = sent;
  }
}

/** Everything that leaves the process over HTTP goes through this port; a simulation replaces it. */
export interface HttpPort {
  /** Any status is an answer. Throws only `HttpFault`. Answers over 1 MiB are a fault. */
  request(request: OutgoingRequest): Promise<IncomingAnswer>;
}
