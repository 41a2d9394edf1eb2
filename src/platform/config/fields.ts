import { z } from 'zod';
import { isCidr } from '../http/index.ts';

/** Kinds of variables. Each takes text; a default is text too, so that it reads as it would in the environment. */

export const optionalText = () => z.string().max(1_000, 'is too long').optional();

export const text = (pattern: RegExp, mustBe: string) => z.string().regex(pattern, `must be ${mustBe}`);

export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`);

/** An amount in major units, read later in the configured currency. */
export const amount = () => z.string().regex(/^\d{1,12}(\.\d{1,2})?$/, 'must be an amount such as 500 or 500.50');

export const wholeNumbers = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}(,\d{1,9}){0,19}$/, 'must be whole numbers joined by commas')
    .transform((list) => list.split(',').map(Number))
    .refine(
      (values) => values.every((value) => value >= least && value <= most),
      `must be from ${least} to ${most} each`,
    )
    .refine((values) => values.every((value, at) => at === 0 || value > (values[at - 1] as number)), 'must ascend');

/** Days from a day, joined by commas and ascending: `-3,0,3`. */
export const dayOffsets = (furthest: number) =>
  z
    .string()
    .regex(/^-?\d{1,3}(,-?\d{1,3}){0,9}$/, 'must be at most ten whole numbers of days joined by commas, such as -3,0,3')
    .transform((list) => list.split(',').map(Number))
    .refine((days) => days.every((day) => Math.abs(day) <= furthest), `must be within ${furthest} days`)
    .refine((days) => days.every((day, at) => at === 0 || day > (days[at - 1] as number)), 'must ascend');

const CLOCK = /^([01]\d|2[0-3]):(00|15|30|45)-([01]\d|2[0-3]):(00|15|30|45)$/;

/** From and to on one day's clock, in quarters of an hour: `09:00-19:00`. */
export const hours = () =>
  z
    .string()
    .regex(CLOCK, 'must be two times in quarters of an hour such as 09:00-19:00')
    .transform((text) => {
      const [, ...parts] = CLOCK.exec(text) ?? [];
      const [fromHour = 0, fromQuarter = 0, toHour = 0, toQuarter = 0] = parts.map(Number);
      return { fromMinute: fromHour * 60 + fromQuarter, toMinute: toHour * 60 + toQuarter };
    })
    .refine(({ fromMinute, toMinute }) => fromMinute < toMinute, 'must end after it begins');

export const networks = () =>
  z
    .string()
    .transform((list) => list.split(',').map((cidr) => cidr.trim()))
    .refine(
      (cidrs) => cidrs.length <= 100 && cidrs.every(isCidr),
      'must be networks such as 10.0.0.0/8, joined by commas',
    )
    .optional();

export const address = (protocols: readonly string[]) =>
  z
    .string()
    .refine((url) => URL.canParse(url) && protocols.includes(new URL(url).protocol), {
      error: `must be an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    })
    .transform((url) => url.replace(/\/+$/, ''));

export const addresses = (protocols: readonly string[]) =>
  z.string().refine((list) => list.split(',').every((url) => address(protocols).safeParse(url.trim()).success), {
    error: `must be an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

/** The secret part of a callback address: what a path takes unescaped. */
export const callbackKey = () =>
  z
    .string()
    .regex(/^[\w-]{1,128}$/, 'must be letters, digits, - and _ only')
    .optional();

/** 32 bytes as 64 hex digits or as base64. */
export const key32 = () =>
  z
    .string()
    .transform((encoded) => Buffer.from(encoded, /^[0-9a-f]{64}$/i.test(encoded) ? 'hex' : 'base64'))
    .refine((bytes) => bytes.length === 32, 'must be 32 bytes in base64 or hex')
    .optional();
