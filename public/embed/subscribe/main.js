/* Lets the browser be told of answers while no page of the site is open. The fourth script, fetched where the site has a worker
   for that and its visitor has said what it wants. The subscription is the site's, whose permission the browser has: a frame of
   another origin gets none. */

/* A page that names its policies of Trusted Types has this one among them. */
const POLICY = "portico-worker";

let policy;

const trusted = (address) => {
  if (!window.trustedTypes) return address;
  policy ??= trustedTypes.createPolicy(POLICY, { createScriptURL: (url) => url });
  return policy.createScriptURL(address);
};

const addressOf = ({ worker }) => new URL(worker, document.baseURI).href;

/* A place of its own, in which there are no pages: a worker that the site has for other things stays as it is. */
const scopeOf = (settings) => new URL(`portico-${encodeURIComponent(settings.channel)}/`, addressOf(settings)).href;

/* One that was never there before has to be installed; subscribing fails if that fails. */
const installed = (registration) =>
  new Promise((done) => {
    const worker = registration.installing || registration.waiting;
    if (registration.active || !worker) return done();
    worker.addEventListener("statechange", () => ["activated", "redundant"].includes(worker.state) && done());
  });

const stop = async (settings) => {
  const scope = scopeOf(settings);
  /* Where there is none, the browser answers another one of the site. */
  const registration = await navigator.serviceWorker.getRegistration(scope);
  if (registration?.scope !== scope) return "";
  const subscription = await registration.pushManager.getSubscription();
  await subscription?.unsubscribe();
  return "";
};

/* One that is bound to an older key of the relay is replaced. */
const start = async (settings, key) => {
  const options = { scope: scopeOf(settings) };
  const registration = await navigator.serviceWorker.register(trusted(addressOf(settings)), options);
  await installed(registration);
  const subscribe = () => registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const subscription = await subscribe().catch(() => stop(settings).then(subscribe));
  const { endpoint, keys } = subscription.toJSON();
  return JSON.stringify({ endpoint, p256dh: keys.p256dh, auth: keys.auth });
};

/* One after the other, whatever became of the one before. */
let last = Promise.resolve();
const inTurn = (act) => (...about) => (last = last.catch(() => {}).then(() => act(...about)));

/** Begins the subscription, and answers it as the chat tells it. */
export const begin = inTurn(start);

/** Ends the subscription, if there is one. */
export const end = inTurn(stop);
