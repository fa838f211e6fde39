//! The running relay's side and the command's side of one question: a line of JSON there, a line of JSON back.

use super::{AdminCommand, AdminError, AdminReply, Administration, perform};
use futures_util::FutureExt;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Longest command, in bytes. A longer one is not read.
const MAX_LINE_BYTES: u64 = 64 * 1024;

/// Longest answer, in bytes: a list of some thousand users.
const MAX_ANSWER_BYTES: u64 = 1024 * 1024;

/// A command that is not asked by then is given up. How long it may take, it says itself.
const ASKED_WITHIN: Duration = Duration::from_secs(10);

/// Commands that are carried out at once. More wait in the socket's own queue.
const MOST_COMMANDS: usize = 16;

/// When the machine gives no more sockets, commands wait this long for one.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What went wrong, or what was done.
type Response = Result<AdminReply, String>;

/// Where a relay with this store takes commands.
fn path(store: &Path) -> PathBuf {
    let mut path = store.as_os_str().to_owned();
    path.push(".control");
    PathBuf::from(path)
}

/// Takes commands for the store at this path until the relay stops. A relay that cannot is still a relay.
pub async fn control(store_path: PathBuf, with: Administration, stop: CancellationToken) {
    let path = path(&store_path);
    match listen(&path) {
        Ok(listener) => {
            let under_way = TaskTracker::new();
            let answering = answer_all(listener, &with, &under_way, &stop);
            stop.run_until_cancelled(answering).await;
            let _ = std::fs::remove_file(path);
            under_way.close();
            under_way.wait().await;
        }
        Err(error) => tracing::warn!(%error, "commands can only be given while the relay does not run"),
    }
}

/// Each command has a task of its own, so that none waits for a long one.
async fn answer_all(listener: UnixListener, with: &Administration, under_way: &TaskTracker, stop: &CancellationToken) {
    let places = Arc::new(Semaphore::new(MOST_COMMANDS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let (with, stop) = (with.clone(), stop.clone());
        under_way.spawn(async move {
            let served = stop.run_until_cancelled(serve(stream, &with)).await;
            if !matches!(served, Some(Ok(()))) {
                tracing::warn!("a command was not answered");
            }
            drop(place);
        });
    }
}

/// The process that holds the store may remove the socket file that an ended relay left behind.
fn listen(path: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

async fn serve(stream: UnixStream, with: &Administration) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    let mut read = BufReader::new(read.take(MAX_LINE_BYTES));
    timeout(ASKED_WITHIN, read.read_line(&mut line)).await??;
    let answer: Response = match serde_json::from_str::<AdminCommand>(&line) {
        Ok(command) => {
            let performed = timeout(command.patience(), perform_for(with, command, &mut read)).await??;
            performed.map_err(|error| error.to_string())
        }
        Err(error) => Err(format!("not a command: {error}")),
    };
    let answer = format!("{}\n", serde_json::to_string(&answer)?);
    timeout(ASKED_WITHIN, write.write_all(answer.as_bytes())).await?
}

/// Does it for a caller that is still there: one that has given up would not know that it was done after all.
async fn perform_for(
    with: &Administration,
    command: AdminCommand,
    caller: &mut (impl AsyncRead + Unpin),
) -> io::Result<Result<AdminReply, AdminError>> {
    let gone = gone(caller);
    tokio::pin!(gone);
    if (&mut gone).now_or_never().is_some() {
        return Err(io::ErrorKind::BrokenPipe.into());
    }
    if !command.ends_with_its_caller() {
        return Ok(perform(with, command).await);
    }
    tokio::select! {
        () = &mut gone => Err(io::ErrorKind::BrokenPipe.into()),
        performed = perform(with, command) => Ok(performed),
    }
}

/// Waits until the caller closes its side. It says nothing behind its command, and keeps its side open until it is answered.
async fn gone(caller: &mut (impl AsyncRead + Unpin)) {
    let mut more = [0; 64];
    while !matches!(caller.read(&mut more).await, Ok(0) | Err(_)) {}
}

/// Asks the relay that has this store open to do it.
pub async fn ask(store: &Path, command: &AdminCommand) -> io::Result<Response> {
    let asked = async {
        let (read, mut write) = UnixStream::connect(path(store)).await?.into_split();
        write.write_all(serde_json::to_string(command)?.as_bytes()).await?;
        write.write_all(b"\n").await?;
        let mut line = String::new();
        BufReader::new(read.take(MAX_ANSWER_BYTES)).read_line(&mut line).await?;
        Ok(serde_json::from_str(&line)?)
    };
    timeout(command.patience().saturating_add(ASKED_WITHIN), asked)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

#[cfg(test)]
mod tests;
