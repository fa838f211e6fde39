//! One WebSocket on the document's own origin. Dropping it closes it and silences it.

use super::Incoming;
use crate::browser::socket_address;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use portico_client::{Input, News, SessionRole};
use portico_shared::limits::SUBPROTOCOL;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// Where the relay takes sockets.
const PATH: &str = "/ws";

pub(super) struct Socket {
    socket: WebSocket,
    /// The browser calls these as long as the socket lives.
    _opened: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens a socket; `None` if the browser refuses even to try.
    pub(super) fn open<R: SessionRole>(tell: impl Fn(Incoming<R>) + 'static) -> Option<Self> {
        let socket = WebSocket::new_with_str(&socket_address(PATH), SUBPROTOCOL).ok()?;
        let tell = Rc::new(tell);
        let on_open = Rc::clone(&tell);
        let opened = Closure::<dyn FnMut()>::new(move || on_open(Incoming::Input(Input::SocketOpened)));
        let on_message = Rc::clone(&tell);
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                on_message(Incoming::News(News::Frame(text)));
            }
        });
        let closed = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            tell(Incoming::Input(Input::SocketClosed { code: event.code() }));
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Self {
            socket,
            _opened: opened,
            _message: message,
            _closed: closed,
        })
    }

    /// Sends a text. A socket that is closing drops it, and its close event follows.
    pub(super) fn send(&self, text: &str) {
        let _ = self.socket.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // A socket that is closed already takes this as well.
        let _ = self.socket.close_with_code(1000);
    }
}
