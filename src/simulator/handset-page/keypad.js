/** Turns the keyboard and the drawn keys into the phone's keys, letters on the pad included. */

const LETTERS = {
  0: ' 0',
  1: '.,?!-@1',
  2: 'abc2',
  3: 'def3',
  4: 'ghi4',
  5: 'jkl5',
  6: 'mno6',
  7: 'pqrs7',
  8: 'tuv8',
  9: 'wxyz9',
};
/** Pressed again within this, a key gives its next letter. */
const SAME_KEY_MS = 1_000;
const SCROLL_PX = 42;

const KEYS = {
  Enter: 'call',
  Escape: 'end',
  Backspace: 'clear',
  Delete: 'clear',
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'soft-left',
  ArrowRight: 'soft-right',
};

/** Whether an element in the page has a use of its own for a key; every other key is the phone's, wherever the focus is. */
function meantFor(target, key) {
  if (target.matches('input[type="radio"]')) return key.startsWith('Arrow') || key === ' ';
  if (target.matches('input')) return true;
  return target.matches('button') && (key === 'Enter' || key === ' ');
}

export function attachKeypad({ phone, screen, buttons, now }) {
  let last = { key: '', at: 0, turn: 0 };

  function letter(key) {
    const choices = LETTERS[key];
    const again = last.key === key && now() - last.at < SAME_KEY_MS;
    last = { key, at: now(), turn: again ? (last.turn + 1) % choices.length : 0 };
    if (again) phone.retype(choices[last.turn]);
    else phone.press(choices[0]);
  }

  function pressKey(key, byKeyboard) {
    if (key === 'up' || key === 'down') {
      const step = key === 'up' ? -1 : 1;
      if (!phone.move(step)) screen.scrollBy({ top: step * SCROLL_PX });
      return;
    }
    const inLetters = phone.state.letters && phone.state.screen === 'session' && !phone.prompt();
    if (inLetters && !byKeyboard && LETTERS[key]) letter(key);
    else phone.press(key);
  }

  const byName = new Map(buttons.map((button) => [button.dataset.key, button]));
  for (const button of buttons) {
    button.addEventListener('click', (event) => {
      // Clicked with a pointer it gives the focus back: Enter on the keyboard is then the phone's call key again.
      if (event.detail > 0) button.blur();
      pressKey(button.dataset.key, false);
    });
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    if (meantFor(target, event.key)) return;
    const key = KEYS[event.key] ?? (/^[\x20-\x7e]$/.test(event.key) ? event.key : undefined);
    if (key === undefined) return;
    event.preventDefault();
    flash(byName.get(key));
    pressKey(key, true);
  });

  function flash(button) {
    if (!button) return;
    button.classList.add('pressed');
    setTimeout(() => button.classList.remove('pressed'), 110);
  }
}
