//! A customer with two tabs and an agent write to each other over links that lose, repeat, delay, swap and break, while
//! tabs crash. Once the links heal, every post stands exactly once, in its sender's order, the same for all members.

#[path = "lossy_link/client.rs"]
mod client;
#[path = "lossy_link/relay.rs"]
mod relay;
#[path = "lossy_link/world.rs"]
mod world;

use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::test_runner::Config;
use relay::Stored;
use world::{TABS, World};

/// The customer's tab that is never loaded anew, where one is not.
const LIVES_ON: usize = 1;

/// One thing that happens; the first number is the tab.
#[derive(Debug, Clone)]
enum Action {
    Post(usize),
    Read(usize),
    CarryUp(usize, usize),
    CarryDown(usize, usize),
    FinishSlow(usize),
    HearOfStorage(usize),
    Hidden,
    Pass(i64),
    Cut(usize),
    CutSilently(usize),
    RepeatDown(usize),
    RepeatUp(usize),
    /// The second number is the frame's place among those under way.
    LoseDown(usize, usize),
    LoseUp(usize, usize),
    SwapDown(usize, usize),
    SwapUp(usize, usize),
    Wake(usize),
    Crash(usize),
    Restart(usize),
}

fn action() -> impl Strategy<Value = Action> {
    let tab = 0..TABS.len();
    prop_oneof![
        8 => tab.clone().prop_map(Action::Post),
        1 => tab.clone().prop_map(Action::Read),
        10 => (tab.clone(), 1..6_usize).prop_map(|(tab, count)| Action::CarryUp(tab, count)),
        12 => (tab.clone(), 1..8_usize).prop_map(|(tab, count)| Action::CarryDown(tab, count)),
        4 => tab.clone().prop_map(Action::FinishSlow),
        2 => tab.clone().prop_map(Action::HearOfStorage),
        2 => proptest::strategy::Just(Action::Hidden),
        5 => prop_oneof![1..400_i64, 400..40_000_i64].prop_map(Action::Pass),
        3 => tab.clone().prop_map(Action::Cut),
        1 => tab.clone().prop_map(Action::CutSilently),
        2 => tab.clone().prop_map(Action::RepeatDown),
        1 => tab.clone().prop_map(Action::RepeatUp),
        2 => (tab.clone(), 0..4_usize).prop_map(|(tab, place)| Action::LoseDown(tab, place)),
        4 => (tab.clone(), 0..3_usize).prop_map(|(tab, place)| Action::LoseUp(tab, place)),
        2 => (tab.clone(), 0..4_usize).prop_map(|(tab, place)| Action::SwapDown(tab, place)),
        1 => (tab.clone(), 0..3_usize).prop_map(|(tab, place)| Action::SwapUp(tab, place)),
        1 => tab.clone().prop_map(Action::Wake),
        1 => tab.clone().prop_map(Action::Crash),
        2 => tab.prop_map(Action::Restart),
    ]
}

fn run(world: &mut World, action: &Action) {
    match *action {
        Action::Post(tab) => world.post(tab),
        Action::Read(tab) => world.read_everything(tab),
        Action::CarryUp(tab, count) => world.carry_up(tab, count),
        Action::CarryDown(tab, count) => world.carry_down(tab, count),
        Action::FinishSlow(tab) => world.finish_slow(tab),
        Action::HearOfStorage(tab) => world.hear_of_storage(tab),
        Action::Hidden => world.relay.append_hidden(),
        Action::Pass(ms) => world.pass(ms),
        Action::Cut(tab) => world.cut(tab),
        Action::CutSilently(tab) => world.cut_silently(tab),
        Action::RepeatDown(tab) => world.repeat_down(tab),
        Action::RepeatUp(tab) => world.repeat_up(tab),
        Action::LoseDown(tab, place) => world.lose_down(tab, place),
        Action::LoseUp(tab, place) => world.lose_up(tab, place),
        Action::SwapDown(tab, place) => world.swap_down(tab, place),
        Action::SwapUp(tab, place) => world.swap_up(tab, place),
        Action::Wake(tab) => world.wake(tab),
        Action::Crash(tab) => world.crash(tab),
        Action::Restart(tab) => world.restart(tab),
    }
}

/// The relay's log holds every post once, each tab's in the order of writing.
fn check_log(world: &World) {
    let events: &[Stored] = world.relay.logs.first().map_or(&[], |log| &log.events);
    let stored: Vec<_> = events.iter().filter_map(|stored| stored.client_id.clone()).collect();
    for (tab, posted) in world.posted.iter().enumerate() {
        let of_tab: Vec<_> = stored.iter().filter(|id| posted.contains(id)).cloned().collect();
        assert_eq!(&of_tab, posted, "tab {tab}");
    }
    assert_eq!(stored.len(), world.posted.iter().map(Vec::len).sum::<usize>());
}

/// Every tab that is there shows what its person may see of the log, and own posts as delivered.
fn check_tabs(world: &World) {
    let events: &[Stored] = world.relay.logs.first().map_or(&[], |log| &log.events);
    for (tab, who) in TABS.into_iter().enumerate().filter(|(tab, _)| world.is_up(*tab)) {
        let messages = (1_u64..)
            .zip(events)
            .filter(|(_, stored)| stored.is_message() && stored.is_visible_to(who));
        let expected: Vec<u64> = messages.map(|(seq, _)| seq).collect();
        let entries = world.entries(tab);
        let said: Vec<_> = entries.iter().filter(|entry| entry.is_message).collect();
        let shown: Vec<u64> = said.iter().filter_map(|entry| entry.seq).map(|seq| seq.0).collect();
        assert_eq!(shown, expected, "tab {tab}");
        for entry in said {
            let is_own = events[entry.seq.map_or(0, |seq| seq.0 as usize) - 1].author == Some(who);
            assert_eq!(entry.mine, is_own, "{entry:?}");
            assert!(!is_own || entry.is_delivered, "{entry:?}");
        }
        assert_eq!(
            entries.iter().filter(|entry| entry.seq.is_none()).count(),
            0,
            "tab {tab} has unsent entries"
        );
    }
}

proptest::proptest! {
    #![proptest_config(Config { cases: 300, max_shrink_iters: 4_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_post_stands_exactly_once_and_in_order_whatever_the_link_does(
        seed in any::<u64>(),
        actions in proptest::collection::vec(action(), 1..150),
    ) {
        let mut world = World::new(seed);
        for action in &actions {
            run(&mut world, action);
        }
        world.heal();
        let frames = world.frames;
        assert!(frames < 4_000, "{frames} frames and no end");
        world.load_everything();
        check_log(&world);
        check_tabs(&world);
        assert!(world.is_storage_empty());
    }

    #[test]
    fn a_tab_that_lives_on_sends_what_one_that_is_gone_has_left(
        seed in any::<u64>(),
        actions in proptest::collection::vec(action(), 1..150),
    ) {
        let mut world = World::new(seed);
        let is_end = |action: &Action| matches!(action, Action::Crash(LIVES_ON) | Action::Restart(_));
        for action in actions.iter().filter(|action| !is_end(action)) {
            run(&mut world, action);
        }
        world.crash(0);
        world.restart(2);
        world.heal_links();
        world.load_everything();
        check_log(&world);
        check_tabs(&world);
        assert!(world.is_storage_empty());
    }
}
