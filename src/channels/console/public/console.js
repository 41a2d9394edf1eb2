// `/` goes to the search box, and a page whose payment moves shows what is new. Everything works without this.
document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.getElementById('q');
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

const live = document.querySelector('[data-live]');
if (live) {
  const events = new EventSource(live.dataset.live);
  events.addEventListener('changed', async () => {
    // What somebody is writing must not go.
    const fields = [...document.querySelectorAll('main input, main textarea')];
    if (fields.some((one) => one.type !== 'hidden' && one.value)) return;
    const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const [now, next] = [document.getElementById('main'), page.getElementById('main')];
    if (now && next) now.replaceChildren(...next.childNodes);
  });
}

// What counts how far something is looks again by itself, as long as it says so. While it is at the same step only it is new, so that
// what somebody writes beside it stays; else the whole page is.
const again = document.querySelector('[data-again]');
if (again) {
  setInterval(async () => {
    const old = document.querySelector('[data-again]');
    if (!old) return;
    const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } }).catch(() => undefined);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-again]');
    if (fresh && fresh.dataset.step === old.dataset.step) return old.replaceWith(fresh);
    const fields = [...document.querySelectorAll('main input, main textarea')];
    if (fields.some((one) => one.type !== 'hidden' && one === document.activeElement && one.value)) return;
    const [now, next] = [document.getElementById('main'), page.getElementById('main')];
    if (now && next) now.replaceChildren(...next.childNodes);
  }, Number(again.dataset.again) * 1000);
}
