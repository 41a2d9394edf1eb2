/** `Jane Wanjiku` becomes `J*** W******`: enough to know one's own name by, too little to learn another's. */
export function maskName(name: string): string {
  return name
    .trim()
    .split(/\s+/)
    .slice(0, 3)
    .map((word) => {
      const [first = '', ...rest] = [...word];
      return first + '*'.repeat(Math.min(rest.length, 6));
    })
    .join(' ')
    .slice(0, 24);
}
