/** What to dial to answer: `*384*123*7#`, the choice of the menu that asks. */
export const answerDial = (serviceCode: string): string => `${serviceCode.replace(/#$/, '')}*7#`;
