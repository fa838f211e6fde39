/* A page of React with the chat in it; a browser test opens it. */

import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { Portico, usePortico, type PorticoProps } from "portico-chat/react";

const place = document.querySelector<HTMLElement>("#root")!;
const relay = place.dataset.relay!;

/* What the page is told, for the test. */
const told: string[] = Object.assign(window, { told: [] as string[] }).told;

const Shop = () => {
  const { isOpen, unread, chat } = usePortico();
  const [isThere, setIsThere] = useState(true);
  const [props, setProps] = useState<Partial<PorticoProps>>({});
  Object.assign(window, { setProps, setIsThere });
  return (
    <main>
      <button onClick={() => chat.toggle()}>{isOpen ? "Leave us" : "Ask us"}</button>
      <output>{unread} unread</output>
      {isThere && (
        <Portico
          relay={relay}
          channel="guest"
          launcher="none"
          style={{ height: 420, width: 400 }}
          attributes={{ plan: "gold" }}
          onReady={() => told.push("ready")}
          onMessage={({ text }) => told.push(text)}
          onMessageSent={() => told.push("sent")}
          {...props}
        />
      )}
    </main>
  );
};

createRoot(place).render(
  <StrictMode>
    <Shop />
  </StrictMode>,
);
