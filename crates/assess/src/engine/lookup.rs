//! Numbers for short texts and packed keys, found in a few nanoseconds.
//!
//! Open addressing with a seed of its own for each table, so that nobody can write a file in which all keys collide.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A text by its first and last bytes and its length. For texts of up to 16 bytes without zeros nothing else has the
/// same key; longer ones must be compared when found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    low: u64,
    high: u64,
    length: u32,
}

impl Key {
    /// The key of a part of some bytes. Reading beyond the part, where there is something, spares a copy.
    #[inline]
    pub fn of(bytes: &[u8], start: usize, end: usize) -> Self {
        let length = end - start;
        let (low, high) = match bytes
            .get(start..start + 16)
            .and_then(|head| head.as_chunks::<8>().0.get(..2))
        {
            Some([low, high]) if length <= 16 => (u64::from_le_bytes(*low), u64::from_le_bytes(*high)),
            _ => return Self::far(&bytes[start..end]),
        };
        let (low, high) = match length {
            0 => (0, 0),
            1..=8 => (low & (u64::MAX >> (64 - 8 * length)), 0),
            _ => (low, high & (u64::MAX >> (128 - 8 * length))),
        };
        Self {
            low,
            high,
            length: u32::try_from(length).unwrap_or(u32::MAX),
        }
    }

    #[cold]
    fn far(text: &[u8]) -> Self {
        let mut ends = [0; 16];
        let head = text.len().min(16);
        ends[..head].copy_from_slice(&text[..head]);
        if text.len() > 16 {
            for (end, byte) in ends.iter_mut().zip(text.iter().rev()) {
                *end ^= byte.rotate_left(3);
            }
        }
        let [low, high] = [0, 8].map(|at| {
            ends[at..]
                .first_chunk()
                .map_or(0, |part| u64::from_le_bytes(*part))
        });
        Self {
            low,
            high,
            length: u32::try_from(text.len()).unwrap_or(u32::MAX),
        }
    }

    /// The key of a number.
    pub fn number(number: u64) -> Self {
        Self {
            low: number,
            high: 0,
            length: 0,
        }
    }

    /// Whether texts with this key need comparing.
    pub fn is_long(self) -> bool {
        self.length > 16
    }
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    key: Key,
    value: u32,
}

/// No value: the slot is free.
const FREE: u32 = u32::MAX;
const EMPTY: Slot = Slot {
    key: Key {
        low: 0,
        high: 0,
        length: 0,
    },
    value: FREE,
};

/// From keys to numbers.
#[derive(Debug, Clone)]
pub(super) struct Lookup {
    slots: Vec<Slot>,
    used: usize,
    shift: u32,
    seed: u64,
}

impl Lookup {
    pub fn new() -> Self {
        Self {
            slots: vec![EMPTY; 64],
            used: 0,
            shift: 64 - 6,
            seed: RandomState::new().build_hasher().finish(),
        }
    }

    /// How many keys it holds.
    pub fn len(&self) -> usize {
        self.used
    }

    /// The number of a key.
    #[inline]
    pub fn get(&self, key: Key) -> Option<u32> {
        let slot = &self.slots[self.find(key)];
        (slot.value != FREE).then_some(slot.value)
    }

    /// Where a key stands, or would.
    #[inline]
    fn find(&self, key: Key) -> usize {
        let mixed = (key.low ^ self.seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed =
            (mixed ^ (mixed >> 29) ^ key.high ^ u64::from(key.length)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mask = self.slots.len() - 1;
        let mut at = usize::try_from(mixed >> self.shift).unwrap_or_default() & mask;
        while self.slots[at].value != FREE && self.slots[at].key != key {
            at = (at + 1) & mask;
        }
        at
    }

    /// Puts a key that isn't there yet.
    pub fn put(&mut self, key: Key, value: u32) {
        if 2 * self.used >= self.slots.len() {
            let grown = vec![EMPTY; 2 * self.slots.len()];
            let old = std::mem::replace(&mut self.slots, grown);
            self.shift -= 1;
            for slot in old.into_iter().filter(|slot| slot.value != FREE) {
                let at = self.find(slot.key);
                self.slots[at] = slot;
            }
        }
        let at = self.find(key);
        self.used += usize::from(self.slots[at].value == FREE);
        self.slots[at] = Slot { key, value };
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Lookup};

    #[test]
    fn the_same_text_has_the_same_key_wherever_it_stands() {
        let bytes = b"a,bc,African-American,0123456789abcdefX,";
        for (start, end) in [(0, 1), (2, 4), (5, 21), (22, 39), (2, 2)] {
            let alone = &bytes[start..end];
            assert_eq!(Key::of(bytes, start, end), Key::of(alone, 0, alone.len()));
        }
        assert_ne!(Key::of(b"ab", 0, 1), Key::of(b"ab", 0, 2));
    }

    #[test]
    fn a_thousand_keys_are_found_again() {
        let mut lookup = Lookup::new();
        for n in 0..1000 {
            assert_eq!(lookup.get(Key::number(n)), None);
            lookup.put(Key::number(n), u32::try_from(n).unwrap() * 3);
        }
        assert_eq!(lookup.len(), 1000);
        for n in 0..1000 {
            assert_eq!(lookup.get(Key::number(n)), Some(u32::try_from(n).unwrap() * 3));
        }
    }
}
