// Holds what is in the cart: tells the app what the cart is now, keeps the hold while the shopper is
// here, and shows how long it lasts. No cookie, nothing personal.
(() => {
  const root = document.getElementById("ballast-cart");
  if (!root || window.ballastCart) return;
  window.ballastCart = true;
  const set = root.dataset;
  const [label, clock, live] = root.children;
  const CHANGE = /\/cart(\/(add|change|update|clear))?(\.js(on)?)?([?#]|$)/;
  const KEEP = "ballast-cart"; // what was held last, in this tab
  const EXTEND_MS = 60000;
  const NOTE_MS = 20000;
  const fetched = window.fetch;
  let token, running, again, told, note;
  let ends = 0;
  let noteEnds = 0;
  let asked = 0;

  const held = () => JSON.parse(sessionStorage.getItem(KEEP) || "{}");
  const keep = (lines) => sessionStorage.setItem(KEEP, JSON.stringify(lines));
  const post = (url, body) =>
    fetched(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(4000),
    });
  const ask = async (path, body) => {
    asked = Date.now();
    try {
      const response = await post(set.proxy + path, { cart: token, ...body });
      if (response.status < 500 && response.status !== 401) return await response.json();
    } catch {}
    return { outcome: "away" };
  };

  // Read out once each, and not every second.
  const say = (text) => {
    if (text !== told) live.textContent = told = text;
  };
  const draw = () => {
    const now = performance.now();
    const left = Math.max(0, Math.ceil((ends - now) / 1000));
    if (ends && !left) {
      ends = 0;
      tell(set.over);
    }
    const noted = now < noteEnds;
    const minutes = Math.floor(left / 60);
    root.hidden = !noted && !left;
    label.textContent = noted ? note : set.held;
    clock.textContent = noted ? "" : `${minutes}:${String(left % 60).padStart(2, "0")}`;
    if (left === 300 || left === 60) say(`${set.held} ${minutes} min`);
  };
  const tell = (text) => {
    note = text;
    noteEnds = performance.now() + NOTE_MS;
    say(text);
  };
  const show = (seconds) => {
    if (seconds && !ends) say(`${set.held} ${Math.ceil(seconds / 60)} min`);
    ends = seconds ? performance.now() + seconds * 1000 : 0;
    draw();
  };

  // The cart is made what can be held, and the shopper is told.
  const reduce = async (lines, text) => {
    const updates = Object.fromEntries(lines.map((one) => [one.variant, one.available]));
    await post(set.update, { updates });
    document.dispatchEvent(new CustomEvent("ballast:changed", { detail: { lines } }));
    again = true;
    tell(text);
    draw();
  };

  const once = async () => {
    const cart = await (await fetched(set.cart)).json();
    token = cart.token;
    const now = {};
    for (const { variant_id: id, quantity } of cart.items) now[id] = (now[id] || 0) + quantity;
    const before = held();
    if (!cart.items.length && !Object.keys(before).length) return show(0);
    const lines = Object.entries(now).map(([variant, quantity]) => ({ variant, quantity }));
    const answer = await ask("", { revision: Date.now(), lines });
    if (answer.outcome === "held" || answer.outcome === "ordered") {
      keep(now);
      return show(answer.lines?.length && answer.secondsLeft);
    }
    if (answer.outcome === "short") return reduce(answer.lines, set.short);
    // Not sure: too much for one cart, or nobody to ask.
    if (set.unsure !== "refuse") return show(0);
    const grown = lines.filter((one) => one.quantity > (before[one.variant] || 0));
    const back = grown.map(({ variant }) => ({ variant, available: before[variant] || 0 }));
    if (back.length) await reduce(back, set.refused);
  };
  const sync = async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await once().catch(() => {});
    }
    running = false;
  };
  const active = async () => {
    if (document.hidden || !token || Date.now() - asked < EXTEND_MS) return;
    if (!Object.keys(held()).length) return;
    const { outcome, secondsLeft } = await ask("/extend", {});
    if (outcome === "held") show(secondsLeft);
    if (outcome === "over") sync();
  };

  window.fetch = function (...args) {
    const done = fetched.apply(this, args);
    const { method } = args[1] || args[0];
    if (method && CHANGE.test(args[0].url || args[0])) done.then(sync, () => {});
    return done;
  };
  const { open } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    if (method !== "GET" && CHANGE.test(url)) this.addEventListener("load", sync);
    return open.call(this, method, url, ...rest);
  };
  // A form leaves the page: the next one sees the cart.
  addEventListener("pageshow", sync);
  for (const type of ["pointerdown", "keydown", "scroll", "visibilitychange"])
    document.addEventListener(type, active, { passive: true });
  setInterval(draw, 1000);
})();
