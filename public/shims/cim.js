/* For pages that were written for the widget of Expertflow CX: the global `__cim`. What maps and what does not stands in
   docs/migration.md. */

import { channelOr, on, portico, start } from "./lib/start.js";

const { serviceIdentifier, widgetIdentifier, Source, msisdn, systemInfo, geoLocationData } = window.__cim || {};

/* As pages around the vendor's frame hear of it. */
const tell = (data) => window.dispatchEvent(new MessageEvent("message", { data, origin: location.origin }));
const changed = (state, rest) => tell({ type: "EF_WIDGET_STATE_CHANGED", state, ...rest });

start();
on("close", () => changed("CHAT_MINIMIZED"));
on("conversationEnded", () => changed("CHAT_SESSION_ENDED", { reason: "CHANNEL_SESSION_ENDED" }));
portico("boot", { channel: channelOr(serviceIdentifier) }).then(() => tell({ type: "EF_WIDGET_LOADED" }), () => {});

const known = {
  service_identifier: serviceIdentifier,
  widget_identifier: widgetIdentifier,
  msisdn,
  browser_id: systemInfo?.browserId,
  browser_name: systemInfo?.browserName,
  device_type: systemInfo?.deviceType,
  country: geoLocationData?.country_name,
};
portico("setAttributes", Object.fromEntries(Object.entries(known).filter(([, value]) => value != null && value !== "")));
/* Inside a mobile application the page is the chat. */
if (Source === "UApp") portico("open");
