/** A text in which backticks mark what is typed. */
export function Prose({ text }: { text: string }) {
  return <>{text.split('`').map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}</>;
}

export function Json({ value }: { value: unknown }) {
  return <Code text={JSON.stringify(value, null, 2)} />;
}

export function Code({ text }: { text: string }) {
  return (
    <pre>
      <code>{text}</code>
    </pre>
  );
}
