//! The tables, and whether what is expected holds.

use super::chat::Chat;
use super::{Line, Times};
use crate::spread::Spread;
use crate::verdict;

/// How many times as long as deep-chat a warm start may take, which has no frame to make.
const WARM_RATIO: f64 = 1.4;

/// What was measured under one condition.
struct Figure {
    chat: Chat,
    line: Line,
    warm: bool,
    times: Times,
}

/// All that was measured.
#[derive(Default)]
pub(super) struct Report {
    figures: Vec<Figure>,
}

/// The four conditions, in the order of the columns.
const CONDITIONS: [(Line, bool, &str); 4] = [
    (Line::Plain, false, "plain cold"),
    (Line::Plain, true, "plain warm"),
    (Line::Slow, false, "slow cold"),
    (Line::Slow, true, "slow warm"),
];

impl Report {
    /// Adds a first visit and the next one.
    pub(super) fn add(&mut self, chat: Chat, line: Line, visits: [Times; 2]) {
        for (times, warm) in visits.into_iter().zip([false, true]) {
            self.figures.push(Figure {
                chat,
                line,
                warm,
                times,
            });
        }
    }

    pub(super) fn print(&self, rounds: usize) {
        println!("\nThe first word, ms since the press, {rounds} rounds, median (least to most):");
        self.table("to a text box", |times| Some(times.shown));
        self.table("to a message that has arrived", |times| times.arrived);
        println!();
        for (line, warm, condition) in CONDITIONS {
            for other in Chat::OTHERS {
                self.expect(line, warm, condition, other);
            }
        }
    }

    fn table(&self, title: &str, of: impl Fn(&Times) -> Option<f64>) {
        let columns = CONDITIONS.map(|(_, _, condition)| format!("{condition:<23}"));
        println!("\n  {title:<30}{}", columns.concat());
        for chat in Chat::ALL {
            let cells = CONDITIONS.map(|(line, warm, _)| {
                let values = self.values(chat, line, warm, &of);
                match values.is_empty() {
                    true => format!("{:<23}", "-"),
                    false => format!("{:<23}", Spread::of(values).show(0)),
                }
            });
            println!("  {:<30}{}", chat.name(), cells.concat());
        }
    }

    fn expect(&self, line: Line, warm: bool, condition: &str, other: Chat) {
        let median = |chat| Spread::of(self.values(chat, line, warm, |times| Some(times.shown))).median();
        let (own, others) = (median(Chat::Portico), median(other));
        let most = match warm && other == Chat::Deep {
            true => WARM_RATIO,
            false => 1.0,
        };
        let holds = own <= others * most;
        println!(
            "{condition}: {:.2} times {}, at most {most:.1} is expected: {}",
            own / others,
            other.name(),
            verdict(holds)
        );
    }

    fn values(&self, chat: Chat, line: Line, warm: bool, of: impl Fn(&Times) -> Option<f64>) -> Vec<f64> {
        let wanted = |figure: &&Figure| (figure.chat, figure.line, figure.warm) == (chat, line, warm);
        let wanted = self.figures.iter().filter(wanted);
        wanted.filter_map(|figure| of(&figure.times)).collect()
    }
}
