//! The rules, each over the whole history.

use crate::finding::{Finding, Findings, Rule};
use crate::record::{History, Log, Post, Reader};
use std::collections::{BTreeSet, HashMap};
use std::fmt;

/// What came of it.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) summary: Summary,
    pub(crate) findings: Vec<Finding>,
}

/// What was looked at.
#[derive(Debug)]
pub(crate) struct Summary {
    seed: u64,
    kills: u32,
    senders: usize,
    conversations: usize,
    posts: usize,
    acknowledged: usize,
    /// Sent more than once.
    retried: usize,
    /// In the log though no acknowledgement of the first attempt arrived.
    recovered: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "seed {}: {} kills, {} senders in {} conversations; {} messages posted ({} more than once), {} acknowledged, \
             {} in a log without an acknowledgement",
            self.seed,
            self.kills,
            self.senders,
            self.conversations,
            self.posts,
            self.retried,
            self.acknowledged,
            self.recovered
        )
    }
}

/// Judges a history. One in which nothing happened is refused: it would prove nothing.
pub(crate) fn judge(history: &History) -> Result<Verdict, String> {
    let acknowledged = history.posts.iter().filter(|post| !post.acknowledgements.is_empty());
    let acknowledged = acknowledged.count();
    if acknowledged == 0 {
        return Err("nothing was acknowledged".to_owned());
    }
    let mut findings = Findings::default();
    acknowledged_once(history, &mut findings);
    let conversations: BTreeSet<&str> = history
        .senders
        .values()
        .map(|sender| sender.conversation.as_str())
        .collect();
    let mut recovered = 0;
    for conversation in &conversations {
        for reader in [Reader::Staff, Reader::Customer] {
            let log = history.logs.get(&((*conversation).to_owned(), reader));
            let Some(log) = log.filter(|log| log.head.is_some()) else {
                let what = format!("{conversation} was not read to its end by {reader:?}");
                findings.add(Rule::Unread, what);
                continue;
            };
            let view = View {
                history,
                conversation,
                reader,
                log,
            };
            let places = view.judge(&mut findings);
            if reader == Reader::Staff {
                let unheard = |index: &usize| history.posts[*index].acknowledgements.is_empty();
                recovered += places.keys().filter(|index| unheard(index)).count();
            }
        }
    }
    unknown_logs(history, &conversations, &mut findings);
    let summary = Summary {
        seed: history.seed,
        kills: history.kills,
        senders: history.senders.len(),
        conversations: conversations.len(),
        posts: history.posts.len(),
        acknowledged,
        retried: history.posts.iter().filter(|post| post.attempts > 1).count(),
        recovered,
    };
    Ok(Verdict {
        summary,
        findings: findings.0,
    })
}

/// A post that is acknowledged more than once is acknowledged with the same position each time, and no two posts of a
/// conversation with the same one.
fn acknowledged_once(history: &History, findings: &mut Findings) {
    let mut taken: HashMap<(&str, u64), &Post> = HashMap::new();
    for post in &history.posts {
        let Some(first) = post.acknowledgements.first() else {
            continue;
        };
        let mut others = post.acknowledgements.iter();
        if let Some(other) = others.find(|other| (other.seq, &other.epoch) != (first.seq, &first.epoch)) {
            let what = format!("{:?} was acknowledged as {} and as {}", post.text, first.seq, other.seq);
            findings.add(Rule::Renumbered, what);
        }
        let conversation = history.senders[&post.sender].conversation.as_str();
        if let Some(other) = taken.insert((conversation, first.seq), post) {
            let what = format!(
                "{:?} and {:?} were both acknowledged as {}",
                other.text, post.text, first.seq
            );
            findings.add(Rule::Renumbered, what);
        }
    }
}

/// Logs of conversations that nobody posted in, with messages.
fn unknown_logs(history: &History, conversations: &BTreeSet<&str>, findings: &mut Findings) {
    for ((conversation, reader), log) in &history.logs {
        let texts = log.rows.iter().filter(|row| row.text.is_some()).count();
        if texts > 0 && !conversations.contains(conversation.as_str()) {
            let what = format!("{reader:?} read {texts} messages in {conversation}, where nobody posts");
            findings.add(Rule::Unexpected, what);
        }
    }
}

/// One conversation as one reader saw it.
struct View<'h> {
    history: &'h History,
    conversation: &'h str,
    reader: Reader,
    log: &'h Log,
}

impl View<'_> {
    /// Judges it, and answers where each post stands.
    fn judge(&self, findings: &mut Findings) -> HashMap<usize, u64> {
        self.positions(findings);
        let places = self.places(findings);
        self.nothing_lost(&places, findings);
        self.order(&places, findings);
        places
    }

    /// Staff sees every position from 1 to the head; a customer sees fewer, each once and in order.
    fn positions(&self, findings: &mut Findings) {
        let head = self.log.head.unwrap_or(0);
        let mut last = 0;
        for row in &self.log.rows {
            let follows = match self.reader {
                Reader::Staff => row.seq == last + 1,
                Reader::Customer => row.seq > last,
            };
            if !follows {
                findings.add(Rule::Gap, format!("{}: {last} is followed by {}", self.name(), row.seq));
            }
            last = row.seq;
        }
        let ends = match self.reader {
            Reader::Staff => last == head,
            Reader::Customer => last <= head,
        };
        if !ends {
            findings.add(
                Rule::Gap,
                format!("{}: its head is {head}, its last event {last}", self.name()),
            );
        }
    }

    /// Where each post stands. Finds messages that nobody posted here, that stand twice, that stand elsewhere than was
    /// acknowledged, and that bear another name.
    fn places(&self, findings: &mut Findings) -> HashMap<usize, u64> {
        let mut places = HashMap::new();
        for row in &self.log.rows {
            let Some(text) = &row.text else { continue };
            let index = self.history.by_text.get(text);
            let Some(index) = index.filter(|index| self.is_here(&self.history.posts[**index])) else {
                let what = format!("{}: nobody posted {text:?}, which stands at {}", self.name(), row.seq);
                findings.add(Rule::Unexpected, what);
                continue;
            };
            let post = &self.history.posts[*index];
            if let Some(first) = places.insert(*index, row.seq) {
                let what = format!("{}: {text:?} stands at {first} and at {}", self.name(), row.seq);
                findings.add(Rule::Doubled, what);
                continue;
            }
            let answers = &post.acknowledgements;
            if let Some(told) = answers
                .iter()
                .find(|told| (told.seq, &told.epoch) != (row.seq, &row.epoch))
            {
                let what = format!(
                    "{}: {text:?} was acknowledged as {} of {} and stands at {} of {}",
                    self.name(),
                    told.seq,
                    told.epoch,
                    row.seq,
                    row.epoch
                );
                findings.add(Rule::Renumbered, what);
            }
            let principal = &self.history.senders[&post.sender].principal;
            let is_its_own = row
                .client_id
                .as_ref()
                .is_none_or(|client_id| *client_id == post.client_id);
            if row.emitter != *principal || !is_its_own {
                let what = format!("{}: {text:?} of {principal} bears {}", self.name(), row.emitter);
                findings.add(Rule::Misattributed, what);
            }
        }
        places
    }

    fn nothing_lost(&self, places: &HashMap<usize, u64>, findings: &mut Findings) {
        for (index, post) in self.posts() {
            if let Some(told) = post.acknowledgements.first()
                && !places.contains_key(&index)
            {
                let what = format!("{}: {:?}, acknowledged as {}", self.name(), post.text, told.seq);
                findings.add(Rule::Lost, what);
            }
        }
    }

    /// What a sender posted later stands later, and so does what anybody posted after a message was acknowledged.
    fn order(&self, places: &HashMap<usize, u64>, findings: &mut Findings) {
        let mut last_of: HashMap<&str, (u64, &str)> = HashMap::new();
        let mut acknowledged: Vec<(usize, u64, &str)> = self
            .posts()
            .filter_map(|(_, post)| {
                let told = post.acknowledgements.first()?;
                Some((told.line, told.seq, post.text.as_str()))
            })
            .collect();
        acknowledged.sort_unstable();
        let mut acknowledged = acknowledged.into_iter().peekable();
        let mut settled: Option<(u64, &str)> = None;
        for (index, post) in self.posts() {
            while let Some((_, seq, text)) = acknowledged.next_if(|(line, ..)| *line < post.line) {
                settled = settled.max(Some((seq, text)));
            }
            let Some(&place) = places.get(&index) else { continue };
            let before = last_of.insert(&post.sender, (place, &post.text));
            // The sender's own order says it all when both are broken.
            for (earlier, text) in before
                .into_iter()
                .chain(settled)
                .filter(|(earlier, _)| *earlier > place)
                .take(1)
            {
                let what = format!(
                    "{}: {:?} stands at {place}, before {text:?} at {earlier}, after which it was posted",
                    self.name(),
                    post.text
                );
                findings.add(Rule::Reordered, what);
            }
        }
    }

    /// The posts of this conversation, in the order in which they were posted.
    fn posts(&self) -> impl Iterator<Item = (usize, &Post)> {
        self.history
            .posts
            .iter()
            .enumerate()
            .filter(|(_, post)| self.is_here(post))
    }

    fn is_here(&self, post: &Post) -> bool {
        self.history.senders[&post.sender].conversation == self.conversation
    }

    fn name(&self) -> String {
        format!("{} as {:?} reads it", self.conversation, self.reader)
    }
}
