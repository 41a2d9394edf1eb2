// Keeps the state of a payment up to date. Without it the page loads itself again.
const state = document.getElementById('state');
const { events } = state.dataset;

if (events && 'EventSource' in window) {
  const source = new EventSource(events);
  source.addEventListener('state', ({ data }) => {
    const { body } = new DOMParser().parseFromString(data, 'text/html');
    for (const part of [...body.children]) document.getElementById(part.id)?.replaceChildren(...part.childNodes);
  });
  source.addEventListener('done', () => source.close());
  source.addEventListener('error', () => {
    // It comes back by itself after a lost line; refused, it does not.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 15_000);
  });
} else if (events) setTimeout(() => location.reload(), 10_000);
