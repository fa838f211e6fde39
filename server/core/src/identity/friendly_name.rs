//! What a visitor is called who has said no name: two words that follow from its id, so that agents tell visitors apart and
//! know one again, in the list as on the phone. English in every language, as names are.

use portico_shared::ids::CustomerId;
use sha2::{Digest, Sha256};

const FIRST: &str = "
    Amber Autumn Blue Bold Brave Breezy Bright Brisk Calm Careful Cheerful Clear Clever Copper Coral Cosy Crimson
    Curious Daring Dawn Dapper Deft Eager Early Easy Evening Fair Fleet Fond Forest Friendly Gentle Glad Golden
    Graceful Green Happy Hazel Honest Indigo Ivory Jade Jolly Keen Kind Lilac Lively Lucky Lunar Maple Mellow
    Merry Mild Misty Modest Morning Neat Nimble Noble Olive Patient Pearl Placid Plucky Polite Proud Quick Quiet
    Rapid Rosy Royal Ruby Scarlet Serene Silver Sincere Snowy Solar Spring Spry Steady Still Summer Sunny Swift
    Tidy Topaz Tranquil Trusty Upbeat Velvet Violet Warm Wise Witty";

const SECOND: &str = "
    Albatross Antelope Badger Beaver Bee Bison Blackbird Bluebird Bobcat Butterfly Camel Caribou Cheetah Chickadee
    Cricket Crane Curlew Deer Dolphin Dormouse Dove Dragonfly Duck Eagle Egret Elk Falcon Ferret Finch Firefly
    Flamingo Fox Gannet Gazelle Gecko Giraffe Goldfinch Grouse Hare Hawk Hedgehog Heron Hoopoe Hummingbird Ibex
    Ibis Jackdaw Jaguar Jay Kestrel Kingfisher Kite Kiwi Koala Lark Lemur Leopard Linnet Llama Lynx Magpie Mallard
    Manatee Marmot Marten Meerkat Moose Moth Newt Nightingale Ocelot Osprey Otter Owl Panda Panther Partridge
    Pelican Penguin Petrel Pheasant Plover Puffin Quail Rabbit Raven Reindeer Robin Salmon Sandpiper Seal Skylark
    Sparrow Squirrel Starling Stork Swallow Swan Tapir Tern Thrush Toucan Turtle Vole Walrus Warbler Wombat
    Woodpecker Wren Yak Zebra";

/// The name of the visitor with this id; "Quiet Heron", say. Several visitors may have one.
pub fn friendly_name(id: &CustomerId) -> String {
    let digest = Sha256::digest(format!("portico/name/{id}").as_bytes());
    let pick = |words: &'static str, at: usize| {
        let words: Vec<&str> = words.split_whitespace().collect();
        let number = u16::from_be_bytes([digest[at], digest[at + 1]]);
        words[usize::from(number) % words.len()]
    };
    format!("{} {}", pick(FIRST, 0), pick(SECOND, 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_name_follows_from_the_id_and_tells_visitors_apart() {
        let name = |id: usize| friendly_name(&CustomerId::new(format!("visitor-{id}")));
        assert_eq!(name(1), name(1));
        let names: BTreeSet<String> = (0..100).map(name).collect();
        assert!(names.len() > 95, "{names:?}");
        for name in names {
            let words: Vec<&str> = name.split(' ').collect();
            assert!(words.len() == 2 && words.iter().all(|word| word.len() > 2), "{name}");
        }
    }

    #[test]
    fn no_word_stands_there_twice() {
        let all: Vec<&str> = FIRST.split_whitespace().chain(SECOND.split_whitespace()).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
