import { z } from 'zod';

const LARGEST_MENU_NODES = 400;

const nodeId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a node is named by lower-case words and hyphens');
const textId = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a text id looks like ussd.home.title');
const textPattern = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*(\.\*)?$/, 'a text id, or a prefix that ends in .*');
const name = z.string().regex(/^[a-z][A-Za-z0-9]{0,29}$/, 'a variable is named in camelCase');
const key = z.union([z.number(), z.string()]).transform(String);

/** A node, or a node that is shown with a line on top that says what was wrong. */
const target = z.union([nodeId, z.strictObject({ to: nodeId, error: textId })]);

const scalarVariable = z.discriminatedUnion('kind', [
  /** Shown as it is; cut to the width of `widest`. `secret`: a session that holds it is kept sealed, its answers too. */
  z.strictObject({
    kind: z.literal('text'),
    widest: z.string().min(1).max(320),
    secret: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('money'), widest: z.string().optional() }),
  z.strictObject({ kind: z.literal('date') }),
  z.strictObject({ kind: z.literal('count'), widest: z.number().int().positive().optional() }),
  /** One of a few words that a text selects by. */
  z.strictObject({ kind: z.literal('option'), of: z.array(z.string().min(1)).min(1).max(12) }),
  /** The id of a text that is shown in the customer's language, among those that the patterns name. */
  z.strictObject({ kind: z.literal('phrase'), of: z.array(textPattern).min(1).max(20) }),
  /** Given by the service's configuration. */
  z.strictObject({ kind: z.literal('constant'), widest: z.string().min(1).max(40) }),
  /** Never shown. `unlocks`: says that a PIN was right; it survives going home, and its session is never taken up again. */
  z.strictObject({ kind: z.literal('hidden'), unlocks: z.boolean().optional() }),
]);

const variable = z.union([
  scalarVariable,
  z.strictObject({
    kind: z.literal('list'),
    most: z.number().int().min(1).max(90),
    /** `session`: an action fills it; `service`: fixed while the service runs, such as the billers. */
    from: z.enum(['session', 'service']),
    fields: z.record(name, scalarVariable),
  }),
]);

const choice = z.strictObject({
  key: key.optional(),
  text: textId,
  to: target,
  set: z.record(name, z.string()).optional(),
});

const list = z.strictObject({
  from: name,
  item: textId,
  /** Variable -> field of the chosen item. */
  keep: z.record(name, name),
  to: target,
  /** Shown in place of the screen's text when the list is empty. */
  empty: textId.optional(),
});

const node = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('choices'),
    text: textId,
    list: list.optional(),
    choices: z.array(choice).max(40).default([]),
  }),
  z.strictObject({ kind: z.literal('confirm'), text: textId, choices: z.array(choice).min(1).max(9) }),
  z.strictObject({
    kind: z.literal('input'),
    text: textId,
    /** A shorter text for the screen below an error line, when the whole does not fit. */
    again: textId.optional(),
    check: z.string(),
    /** Variable that takes the input; a secret screen has none. */
    as: name.optional(),
    secret: z.boolean().default(false),
    attempts: z.number().int().min(1).max(5).default(3),
    to: target,
  }),
  z.strictObject({ kind: z.literal('end'), text: textId }),
  z.strictObject({
    kind: z.literal('action'),
    run: z.string(),
    with: z.record(name, z.string()).default({}),
    on: z.record(z.string(), target),
    /** A refusal's code -> where to go. A code that is not listed shows the screen again with the refusal on top. */
    refusals: z.record(z.string(), target).default({}),
  }),
  /** Takes up the session that dropped; `gone` when it is no longer there. */
  z.strictObject({ kind: z.literal('resume'), gone: target }),
]);

export const menuSchema = z.strictObject({
  start: nodeId,
  entries: z.strictObject({
    /** Asks whether to go on where the last session dropped. */
    resume: nodeId,
    /** Shows the state of a payment that is under way; its variables are set. */
    underWay: nodeId,
  }),
  widest: z.strictObject({
    money: z.string().regex(/^\d+(\.\d+)? [A-Z]{3}$/, 'an amount looks like 99999.00 KES'),
    count: z.number().int().positive(),
  }),
  variables: z.record(name, variable),
  nodes: z
    .record(nodeId, node)
    .refine((nodes) => Object.keys(nodes).length <= LARGEST_MENU_NODES, `at most ${LARGEST_MENU_NODES} nodes`),
});

/** A menu as data: what `menus/main.yaml` holds. */
export type MenuSource = z.infer<typeof menuSchema>;
export type MenuNode = z.infer<typeof node>;
export type ScreenNode = Extract<MenuNode, { text: string }>;
export type ChoicesNode = Extract<MenuNode, { kind: 'choices' }>;
export type InputNode = Extract<MenuNode, { kind: 'input' }>;
export type ActionNode = Extract<MenuNode, { kind: 'action' }>;
export type Target = z.infer<typeof target>;
export type Choice = z.infer<typeof choice>;
export type ScalarVariable = z.infer<typeof scalarVariable>;
export type Variable = z.infer<typeof variable>;
export type ListVariable = Extract<Variable, { kind: 'list' }>;
