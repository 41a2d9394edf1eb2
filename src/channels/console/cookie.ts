import type { Context } from 'koa';
import type { SignedIn } from '../../domain/staff/index.ts';
import type { Signer } from '../../platform/sealing/index.ts';

const NAME = 'malipo_session';

export function readCookie(ctx: Context): string {
  return ctx.cookies.get(NAME) ?? '';
}

/** No script reads it, no other site causes it to be sent, and it goes nowhere but to the console. */
export function writeCookie(ctx: Context, token: string, publicUrl: string): void {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  ctx.append('Set-Cookie', `${NAME}=${token}; Path=/console; HttpOnly; SameSite=Strict${secure}`);
}

export function clearCookie(ctx: Context, publicUrl: string): void {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  ctx.append('Set-Cookie', `${NAME}=; Path=/console; HttpOnly; SameSite=Strict; Max-Age=0${secure}`);
}

/** Worth something for this session alone. */
export function csrfOf(signer: Signer, { session }: SignedIn): string {
  return signer.sign(`csrf ${session.id}`);
}

export function isCsrfOf(signer: Signer, { session }: SignedIn, given: string): boolean {
  return signer.open(given) === `csrf ${session.id}`;
}
