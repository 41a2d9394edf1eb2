import { options, type VNode } from 'preact';
import { invariant } from '../../kernel/index.ts';

const ADDRESSES = ['href', 'src', 'action', 'formaction', 'formAction', 'xlink:href', 'xlinkHref'];
const SCHEMES = /^(?:https?|mailto|tel|sms):/i;
/** A browser drops these within a scheme before it reads it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const IGNORED = /[\u0000-\u0020\u007f-\u009f\u200b-\u200f\u2028-\u202f\ufeff]/g;

/** Whether an address leads to a page: one of ours, or of a scheme that runs nothing (not `javascript:`, not `data:`). */
export function isSafeAddress(address: string): boolean {
  const plain = address.replace(IGNORED, '');
  return SCHEMES.test(plain) || !/^[^/?#]*:/.test(plain);
}

/**
 * preact escapes texts and attributes, and lets `javascript:` links through. Here every element is looked at as it is made: an
 * unsafe address is left out; what our own headers would forbid in the browser (inline styles, inline scripts, raw HTML) is a bug.
 */
function guard(vnode: VNode): void {
  if (typeof vnode.type !== 'string') return;
  const props = vnode.props as Record<string, unknown>;
  for (const name of Object.keys(props)) {
    invariant(
      !/^on[a-z]/i.test(name) && name !== 'style',
      `a page may not use ${name}: the policy forbids what is inline`,
    );
    invariant(name !== 'dangerouslySetInnerHTML', 'a page may not hold raw HTML');
    if (ADDRESSES.includes(name) && !isSafeAddress(String(props[name]))) delete props[name];
  }
}

/**
 * Letters that nobody sees and that change what is read: control characters, and the marks that turn the direction of all that
 * follows (an amount after a name from outside would stand backwards). The marks of a single letter's direction stay.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Texts between tags, with a sign in the place of each letter that would not be seen. */
function showUnseen(children: unknown): unknown {
  if (typeof children === 'string') return children.replace(UNSEEN, '\ufffd');
  return Array.isArray(children) ? children.map(showUnseen) : children;
}

const before = options.vnode;
options.vnode = (vnode) => {
  guard(vnode);
  const props = vnode.props as { children?: unknown };
  if (props.children !== undefined) props.children = showUnseen(props.children);
  before?.(vnode);
};
