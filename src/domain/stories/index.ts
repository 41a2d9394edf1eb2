export { type PaymentStory, paymentOfSubject, paymentPulse, paymentStory } from './payment-story.ts';
export { type PersonEntry, type PersonStory, personStory } from './person-story.ts';
export type { StoryEntry } from './story-entry.ts';
