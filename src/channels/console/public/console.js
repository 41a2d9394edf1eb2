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

// What somebody is writing, or has opened to write in, must not go.
const isWriting = () => {
  const fields = [...document.querySelectorAll('main input, main textarea')];
  const written = fields.some((one) => !['hidden', 'checkbox', 'radio', 'submit'].includes(one.type) && one.value);
  return written || document.querySelector('main details[open] form') !== null;
};

// The page as it is now; undefined when it cannot be had.
async function freshPage() {
  const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } }).catch(() => undefined);
  if (!answer?.ok || answer.redirected) return undefined;
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

const showMain = (page) => {
  const [now, next] = [document.getElementById('main'), page.getElementById('main')];
  if (now && next) now.replaceChildren(...next.childNodes);
};

const live = document.querySelector('[data-live]');
if (live) {
  // One at a time, so that an answer that is late never replaces a newer one; and news waits until nothing is being written.
  let isStale = false;
  let isBusy = false;
  const show = async () => {
    if (!isStale || isBusy || isWriting()) return;
    isBusy = true;
    isStale = false;
    const page = await freshPage().catch(() => undefined);
    isBusy = false;
    if (!page || isWriting()) isStale = true;
    else showMain(page);
  };
  new EventSource(live.dataset.live).addEventListener('changed', () => {
    isStale = true;
    void show();
  });
  setInterval(show, 1000);
}

// What counts how far something is looks again by itself, as long as it says so. While it is at the same step only it is new, so that
// what somebody writes beside it stays; else the whole page is.
const again = document.querySelector('[data-again]');
if (again) {
  setInterval(async () => {
    const old = document.querySelector('[data-again]');
    if (!old) return;
    const page = await freshPage().catch(() => undefined);
    const fresh = page?.querySelector('[data-again]');
    if (fresh && fresh.dataset.step === old.dataset.step) return old.replaceWith(fresh);
    const writing = document.activeElement;
    if (writing?.matches('main input:not([type=hidden]), main textarea') && writing.value) return;
    if (page) showMain(page);
  }, Number(again.dataset.again) * 1000);
}
