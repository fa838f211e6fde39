//! Reads the file and brings together what belongs together. A file that contradicts itself is refused: it says
//! something about the test, not about the relay.

use serde::Deserialize;
use std::collections::HashMap;

/// One line of the file.
#[derive(Debug, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    Run {
        seed: u64,
    },
    Sender {
        sender: String,
        conversation: String,
        principal: String,
    },
    Post {
        sender: String,
        client_id: String,
        text: String,
    },
    Accepted {
        sender: String,
        client_id: String,
        epoch: String,
        seq: u64,
    },
    Killed {
        number: u32,
    },
    Read {
        reader: Reader,
        conversation: String,
        epoch: String,
        seq: u64,
        text: Option<String>,
        emitter: String,
        client_id: Option<String>,
    },
    ReadTo {
        reader: Reader,
        conversation: String,
        head: u64,
    },
}

/// Through whose eyes a log was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reader {
    /// Sees every position.
    Staff,
    /// Sees what is for customers.
    Customer,
}

/// The whole file.
#[derive(Debug, Default)]
pub(crate) struct History {
    pub(crate) seed: u64,
    pub(crate) kills: u32,
    pub(crate) senders: HashMap<String, Sender>,
    /// In the order in which they were posted first.
    pub(crate) posts: Vec<Post>,
    /// Where a post stands in `posts`, by its text.
    pub(crate) by_text: HashMap<String, usize>,
    pub(crate) logs: HashMap<(String, Reader), Log>,
}

/// Somebody who posts.
#[derive(Debug)]
pub(crate) struct Sender {
    pub(crate) conversation: String,
    pub(crate) principal: String,
}

/// One message.
#[derive(Debug)]
pub(crate) struct Post {
    pub(crate) sender: String,
    pub(crate) client_id: String,
    pub(crate) text: String,
    /// The line of the first attempt.
    pub(crate) line: usize,
    pub(crate) attempts: usize,
    pub(crate) acknowledgements: Vec<Acknowledgement>,
}

/// One answer to a post.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Acknowledgement {
    pub(crate) epoch: String,
    pub(crate) seq: u64,
    pub(crate) line: usize,
}

/// What one reader saw of one conversation.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) rows: Vec<Row>,
    /// Set when it was read to its end.
    pub(crate) head: Option<u64>,
}

/// One event of a log.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) epoch: String,
    pub(crate) seq: u64,
    pub(crate) text: Option<String>,
    pub(crate) emitter: String,
    pub(crate) client_id: Option<String>,
}

/// Reads a file's text.
pub(crate) fn read(text: &str) -> Result<History, String> {
    let mut reading = Reading::default();
    for (index, line) in text.lines().enumerate() {
        let parsed = serde_json::from_str(line).map_err(|error| error.to_string());
        parsed
            .and_then(|record| reading.take(index, record))
            .map_err(|reason| format!("line {}: {reason}", index + 1))?;
    }
    Ok(reading.history)
}

#[derive(Debug, Default)]
struct Reading {
    history: History,
    by_client_id: HashMap<(String, String), usize>,
}

impl Reading {
    fn take(&mut self, line: usize, record: Line) -> Result<(), String> {
        match record {
            Line::Run { seed } => self.history.seed = seed,
            Line::Killed { number } => self.history.kills = number,
            Line::Sender {
                sender,
                conversation,
                principal,
            } => {
                let stated = Sender {
                    conversation,
                    principal,
                };
                if self.history.senders.insert(sender.clone(), stated).is_some() {
                    return Err(format!("sender {sender} is stated twice"));
                }
            }
            Line::Post {
                sender,
                client_id,
                text,
            } => return self.post(line, sender, client_id, text),
            Line::Accepted {
                sender,
                client_id,
                epoch,
                seq,
            } => return self.accepted(sender, client_id, Acknowledgement { epoch, seq, line }),
            Line::Read {
                reader,
                conversation,
                epoch,
                seq,
                text,
                emitter,
                client_id,
            } => {
                let row = Row {
                    epoch,
                    seq,
                    text,
                    emitter,
                    client_id,
                };
                self.log(conversation, reader).rows.push(row);
            }
            Line::ReadTo {
                reader,
                conversation,
                head,
            } => {
                if self.log(conversation, reader).head.replace(head).is_some() {
                    return Err("a log is read to its end twice".to_owned());
                }
            }
        }
        Ok(())
    }

    fn post(&mut self, line: usize, sender: String, client_id: String, text: String) -> Result<(), String> {
        let History {
            senders,
            posts,
            by_text,
            ..
        } = &mut self.history;
        if !senders.contains_key(&sender) {
            return Err(format!("sender {sender} is not stated before it posts"));
        }
        let key = (sender.clone(), client_id.clone());
        if let Some(&index) = self.by_client_id.get(&key) {
            let post = &mut posts[index];
            if post.text != text {
                return Err(format!("{sender} posts {client_id} again with another text"));
            }
            post.attempts += 1;
            return Ok(());
        }
        if by_text.insert(text.clone(), posts.len()).is_some() {
            return Err(format!("{text:?} is posted under two client ids"));
        }
        self.by_client_id.insert(key, posts.len());
        posts.push(Post {
            sender,
            client_id,
            text,
            line,
            attempts: 1,
            acknowledgements: Vec::new(),
        });
        Ok(())
    }

    fn accepted(&mut self, sender: String, client_id: String, acknowledgement: Acknowledgement) -> Result<(), String> {
        let key = (sender, client_id);
        let index = self.by_client_id.get(&key);
        let index = *index.ok_or_else(|| format!("{} hears of {}, which it never posted", key.0, key.1))?;
        self.history.posts[index].acknowledgements.push(acknowledgement);
        Ok(())
    }

    fn log(&mut self, conversation: String, reader: Reader) -> &mut Log {
        self.history.logs.entry((conversation, reader)).or_default()
    }
}
