/* What a site's worker takes in: importScripts("https://RELAY/embed/worker.js"). It shows what the relay pushes while no page of
   the site is open, and leads back to the page that the chat was on. It keeps nothing, and no page is controlled by it. */

const said = (data) => {
  try {
    return data.json() ?? {};
  } catch {
    return {};
  }
};

/* The browser wants something to be shown for every push. */
addEventListener("push", (event) => {
  const { title, body, page, tag } = said(event.data);
  const shown = registration.showNotification(String(title || location.host), {
    body: body && String(body),
    tag: tag ? "portico-" + tag : "portico",
    renotify: true,
    data: page,
  });
  event.waitUntil(shown);
});

/* A page of this site, whatever the relay says. */
const address = (page) => {
  const own = new URL("/", location);
  try {
    const url = new URL(page);
    return url.origin === own.origin ? url : own;
  } catch {
    return own;
  }
};

const withoutHash = (url) => String(url).split("#")[0];

/* A page that is open by now comes to the front; a new one is opened otherwise. */
const lead = async (page) => {
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = open.find(({ url }) => withoutHash(url) === withoutHash(page));
  return there ? there.focus() : clients.openWindow(page.href);
};

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(lead(address(event.notification.data)));
});
