//! Pages of the web that messages link to, read for what they call themselves.
//!
//! Each address is a stranger's choice. So it is checked before it is asked, and again after each redirect ([`target`]); its
//! name is resolved once, for the connection itself, and none is made that leads anywhere but to the public internet
//! ([`crate::public_internet`]); time, bytes and redirects are few. Nothing of an answer is kept but the words of its head, and
//! nothing that it names, such as a picture, is fetched.

mod head;
mod target;

use crate::public_internet::{GuardedResolver, MachineNames, Names, NotPublic, literal};
use async_trait::async_trait;
use bytes::Bytes;
use encoding_rs::{Decoder, Encoding, UTF_8};
use head::Head;
use portico_core::config::PrivateNetworks;
use portico_core::links::{Page, PageReader, Unread};
use reqwest::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Response, StatusCode, Url};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// A page is read within this time, redirects and all.
const WITHIN: Duration = Duration::from_secs(6);

/// A connection is made within this time.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);

/// Bytes of a page that are read at most: heads are shorter.
const MAX_PAGE_BYTES: usize = 256 * 1024;

/// Pieces of a page that have come and are not read yet.
const PIECES: usize = 4;

/// Redirects that are followed.
const MAX_REDIRECTS: usize = 3;

/// Bytes in which a page says its encoding, if its header does not.
const ENCODING_WITHIN: usize = 1_024;

/// Reads pages of the public internet.
pub(crate) struct WebPages {
    client: reqwest::Client,
    networks: PrivateNetworks,
    /// The relay's own host, which is asked for nothing.
    own: Option<String>,
    within: Duration,
}

impl WebPages {
    /// Over the machine's resolver. Pages within `networks` are read, too; the relay's own, at `own`, are not.
    pub(crate) fn new(networks: PrivateNetworks, own: &str) -> Result<Self, reqwest::Error> {
        let own = Url::parse(own).ok().and_then(|own| own.host_str().map(str::to_owned));
        let pages = Self::over(Arc::new(MachineNames::new()), networks, WITHIN)?;
        Ok(Self { own, ..pages })
    }

    fn over(names: Arc<dyn Names>, networks: PrivateNetworks, within: Duration) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .dns_resolver(Arc::new(GuardedResolver::with(names, networks.clone())))
            // Each address is checked before it is followed.
            .redirect(reqwest::redirect::Policy::none())
            // A proxy would resolve the name anew, where nothing is checked.
            .no_proxy()
            .referer(false)
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT_WITHIN)
            .user_agent(concat!(
                "Mozilla/5.0 (compatible; PorticoLinkPreview/",
                env!("CARGO_PKG_VERSION"),
                ")"
            ))
            .build()?;
        Ok(Self {
            client,
            networks,
            own: None,
            within,
        })
    }

    async fn follow(&self, address: &str) -> Result<Page, Unread> {
        let mut url = self.askable(Url::parse(address).ok())?;
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.client.get(url.clone()).header(ACCEPT, "text/html").send().await;
            let answer = answer.map_err(|error| unread(&error))?;
            match answer.status() {
                StatusCode::OK => return page(answer).await,
                status if status.is_redirection() => {
                    let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
                    let to = to.ok_or(Unread::NoPage)?;
                    let next = self.askable(url.join(to).ok())?;
                    if !is_same_site(&url, &next) {
                        return Err(Unread::NoPage);
                    }
                    url = next;
                }
                _ => return Err(Unread::NoPage),
            }
        }
        Err(Unread::NoPage)
    }

    fn askable(&self, url: Option<Url>) -> Result<Url, Unread> {
        let url = url.filter(|url| target::is_askable(url, &self.networks) && !self.is_own(url));
        url.ok_or(Unread::Refused)
    }

    /// Whether an address is of the relay itself, unless the operator has named its network.
    fn is_own(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let is_named = literal(host).is_some_and(|address| self.networks.contains(address));
        self.own.as_deref() == Some(host.trim_end_matches('.')) && !is_named
    }
}

/// Whether a redirect stays where its link leads: what another site calls itself does not stand under the name of the first,
/// and nothing that was encrypted goes on in the clear.
fn is_same_site(from: &Url, to: &Url) -> bool {
    let host = |url: &Url| {
        let host = url.host_str().unwrap_or_default().to_owned();
        host.strip_prefix("www.").map_or(host.clone(), str::to_owned)
    };
    host(from) == host(to) && (from.scheme() == to.scheme() || to.scheme() == "https")
}

#[async_trait]
impl PageReader for WebPages {
    async fn read(&self, url: &str) -> Result<Page, Unread> {
        let read = tokio::time::timeout(self.within, self.follow(url)).await;
        read.unwrap_or(Err(Unread::Unreachable))
    }

    fn site(&self, url: &str) -> Result<String, Unread> {
        let url = self.askable(Url::parse(url).ok())?;
        let host = url.host_str().unwrap_or_default().trim_end_matches('.');
        let port = url.port_or_known_default().unwrap_or_default();
        Ok(format!("{host}:{port}"))
    }
}

/// Why there was no answer.
fn unread(error: &reqwest::Error) -> Unread {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(here) = cause {
        if here.is::<NotPublic>() {
            return Unread::Refused;
        }
        cause = here.source();
    }
    Unread::Unreachable
}

/// What the head of an answer says.
async fn page(mut answer: Response) -> Result<Page, Unread> {
    if !is_html(answer.headers()) {
        return Err(Unread::NoPage);
    }
    let stated = answer
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| encoding_in(kind.as_bytes()));
    let (pieces, taken) = mpsc::channel(PIECES);
    #[expect(clippy::disallowed_methods, reason = "awaited below, and it ends with its pieces")]
    let reading = tokio::task::spawn_blocking(move || read_head(taken, stated));
    let mut left = MAX_PAGE_BYTES;
    while left > 0
        && let Some(bytes) = answer.chunk().await.map_err(|error| unread(&error))?
    {
        let piece = bytes.slice(..bytes.len().min(left));
        left -= piece.len();
        if pieces.send(piece).await.is_err() {
            // The head is over.
            break;
        }
    }
    drop(pieces);
    reading.await.ok().flatten().ok_or(Unread::NoPage)
}

/// Reads a head as it comes. On a thread of its own: a page that is made to be slow to read delays nothing else.
fn read_head(mut pieces: mpsc::Receiver<Bytes>, stated: Option<&'static Encoding>) -> Option<Page> {
    let first = match stated {
        Some(_) => Vec::new(),
        None => beginning(&mut pieces),
    };
    let named = || encoding_in(&first[..first.len().min(ENCODING_WITHIN)]);
    let mut decoder = stated.or_else(named).unwrap_or(UTF_8).new_decoder();
    let head = Head::new();
    let mut goes_on = head.read(&decoded(&mut decoder, &first));
    while goes_on && let Some(piece) = pieces.blocking_recv() {
        goes_on = head.read(&decoded(&mut decoder, &piece));
    }
    head.page()
}

/// As much of a page as may name its encoding, in however many pieces that comes.
fn beginning(pieces: &mut mpsc::Receiver<Bytes>) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < ENCODING_WITHIN
        && let Some(piece) = pieces.blocking_recv()
    {
        bytes.extend_from_slice(&piece);
    }
    bytes
}

/// Whether an answer is a page that is read as it comes. Nothing compressed was asked for: what is may grow without end.
fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let is_html = kind
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/html"));
    let is_plain = headers
        .get(CONTENT_ENCODING)
        .is_none_or(|encoding| encoding == "identity");
    is_html && is_plain
}

/// The next part of a text. What is not of its encoding is replaced.
fn decoded(decoder: &mut Decoder, bytes: &[u8]) -> String {
    let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or_default();
    let mut text = String::with_capacity(room);
    // There is room for all of it.
    let _ = decoder.decode_to_string(bytes, &mut text, false);
    text
}

/// The encoding that is named in a header or at the beginning of a page.
fn encoding_in(bytes: &[u8]) -> Option<&'static Encoding> {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let (_, label) = text.split_once("charset=")?;
    let is_of_label = |char: &char| char.is_ascii_alphanumeric() || "-_:.".contains(*char);
    let label: String = label
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(is_of_label)
        .collect();
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests;
